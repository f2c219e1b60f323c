/*
 * What pages do better with JavaScript; without it everything still works.
 *
 * - the summary of errors takes focus;
 * - a form is sent once, however often its button is tapped;
 * - a form is not sent when the server cannot be reached: what was typed stays on the page (it is stored nowhere);
 * - a limited text counts down;
 * - a menu closes when something else is tapped.
 */
"use strict";

(() => {
  const texts = document.body.dataset;
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

  function offlineLine(form) {
    return form.querySelector("[data-offline]");
  }

  function sayOffline(form) {
    release(form);
    let line = offlineLine(form);
    if (!line) {
      line = document.createElement("p");
      line.className = "notice notice-error";
      line.setAttribute("role", "alert");
      line.dataset.offline = "";
      const actions = form.querySelector(".actions");
      form.insertBefore(line, actions && actions.parentNode === form ? actions : null);
    }
    line.textContent = texts.textOffline;
    line.scrollIntoView({ block: "nearest" });
  }

  /* A connection can be gone while the device still believes in its network, so a small file of our own is asked. */
  async function reachable() {
    if (!navigator.onLine) return false;
    const file = document.querySelector("link[rel=icon]");
    if (!file || !window.fetch || !window.AbortController) return true;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PATIENCE);
    try {
      await fetch(file.href, { method: "HEAD", cache: "no-store", signal: abort.signal });
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  async function sendWhenReachable(form, button) {
    if (!(await reachable())) {
      sayOffline(form);
      return;
    }
    const line = offlineLine(form);
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
    sendWhenReachable(form, event.submitter);
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
