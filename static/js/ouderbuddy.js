/*
 * What pages do better with JavaScript; without it everything still works.
 *
 * - the summary of errors takes focus;
 * - a form is sent once, however often its button is tapped;
 * - a form is not sent when the server cannot be reached, or when one was signed out meanwhile: what was typed stays
 *   on the page (it is stored nowhere) and can be sent later, by the same person;
 * - a limited text counts down;
 * - a menu closes when something else is tapped.
 */
"use strict";

(() => {
  const texts = document.body.dataset;
  const sending = document.querySelector("[data-ask]").dataset;
  const PATIENCE = 8000;

  function focusSummary(root) {
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  function buttonsOf(form) {
    return [...form.elements].filter((element) => element.type === "submit");
  }

  /* The buttons keep their name and value: a truly disabled button would not be sent along. */
  function hold(form) {
    form.dataset.sent = "yes";
    buttonsOf(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  }

  function release(form) {
    delete form.dataset.sent;
    delete form.dataset.reached;
    buttonsOf(form).forEach((button) => button.removeAttribute("aria-disabled"));
  }

  function lineOf(form) {
    return form.querySelector("[data-unsent]");
  }

  /* Why the form was not sent, beside its buttons; with `link`, the way to sign in that leaves this page standing. */
  function sayUnsent(form, text, link) {
    release(form);
    let line = lineOf(form);
    if (!line) {
      line = document.createElement("p");
      line.className = "notice notice-error";
      line.setAttribute("role", "alert");
      line.dataset.unsent = "";
      const actions = form.querySelector(".actions");
      form.insertBefore(line, actions && actions.parentNode === form ? actions : null);
    }
    line.textContent = text;
    if (link) line.append(" ", signInLink());
    line.scrollIntoView({ block: "nearest" });
  }

  function signInLink() {
    const link = document.createElement("a");
    link.href = sending.signIn;
    link.target = "_blank";
    link.textContent = sending.textSignIn;
    return link;
  }

  /*
   * A connection can be gone while the device still believes in its network, so the server is asked: who is signed in
   * now, and with which token may a form be sent? null when it cannot be reached; {} when it has no answer to give.
   */
  async function ask() {
    if (!navigator.onLine) return null;
    if (!window.fetch || !window.AbortController) return {};
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PATIENCE);
    let response;
    try {
      response = await fetch(sending.ask, { cache: "no-store", signal: abort.signal });
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
    return response.ok ? response.json().catch(() => ({})) : {};
  }

  /* Signing in, in another tab, changes the token. */
  function renewTokens(token) {
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => {
      input.value = token;
    });
  }

  async function sendWhenPossible(form, button) {
    const now = await ask();
    if (!now) {
      sayUnsent(form, sending.textOffline);
      return;
    }
    const whoever = form.matches("[data-whoever]");
    if (sending.account && !whoever && "account" in now && now.account !== sending.account) {
      sayUnsent(form, now.account ? sending.textSomebodyElse : sending.textSignedOut, true);
      return;
    }
    if (now.token) renewTokens(now.token);
    const line = lineOf(form);
    if (line) line.remove();
    form.dataset.reached = "yes";
    form.requestSubmit(button);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const ours = form.matches("[method=post]:not([hx-post])") && form.requestSubmit;
    if (event.defaultPrevented || !ours) return;
    if (form.dataset.reached) {
      delete form.dataset.reached;
      /* What answers with a download leaves the page standing. */
      if (form.matches("[data-again]")) setTimeout(() => release(form), 0);
      return;
    }
    event.preventDefault();
    if (form.dataset.sent) return;
    hold(form);
    sendWhenPossible(form, event.submitter);
  });

  /* Back to a page that was left by sending its form: it may be sent again. */
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach(release);
  });

  function countDown(area) {
    const limit = Number(area.dataset.limit || area.maxLength);
    if (!(limit > 0) || area.dataset.counted) return;
    area.dataset.counted = "yes";
    const line = document.createElement("p");
    line.className = "field-count";
    line.setAttribute("aria-live", "polite");
    area.after(line);
    let timer;
    const count = () => {
      /* The server counts characters as people do, and white space once. */
      const left = limit - [...area.value.trim().replace(/\s+/g, " ")].length;
      line.classList.toggle("field-count-over", left < 0);
      line.textContent = (left < 0 ? texts.textOver : texts.textLeft).replace("{n}", Math.abs(left));
    };
    area.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(count, 300);
    });
    count();
  }

  function prepare(root) {
    focusSummary(root);
    root.querySelectorAll("textarea[data-limit], textarea[maxlength]").forEach(countDown);
  }

  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector("details[data-menu][open]");
    if (event.key !== "Escape" || !open) return;
    closeMenus(null);
    open.querySelector("summary").focus();
  });
  document.addEventListener("htmx:afterSwap", (event) => prepare(event.target));
  prepare(document);
})();
