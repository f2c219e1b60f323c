/*
 * The crib sheet of a meeting, once opened, needs no connection any more:
 *
 * - when a buddy turns up or stays away, or the wish cannot be met, the points follow at once: every sheet that may be
 *   needed came with the page;
 * - what is to be saved waits in this page until there is a connection. Nothing is stored in the browser;
 * - the clock shows how much of the reserved time is left.
 *
 * Without JavaScript the same buttons send the page.
 */
"use strict";

(() => {
  const crib = document.querySelector(".crib");
  const place = document.querySelector("[data-sheet-place]");
  const unsaved = document.querySelector("[data-unsaved]");
  const followed = document.querySelector("[data-followed]");
  const clock = document.querySelector("[data-clock]");
  const RETRY = 5000;
  const SIGN_IN = "/login/";

  /* The points */

  const sheets = [place.querySelector("ol"), ...[...place.querySelectorAll("template")].map((one) => one.content.firstElementChild)];
  let shown = sheets[0];
  let unmet = shown.dataset.unmet === "yes";
  let buddies = Number(clock.dataset.buddies);

  function show(target) {
    const along = buddies > 0 ? "yes" : "no";
    const next = sheets.find((one) => one.dataset.along === along && one.dataset.unmet === (unmet ? "yes" : "no"));
    if (next !== shown) {
      shown.replaceWith(next);
      shown = next;
    }
    tell();
    const point = shown.querySelector(target) || shown.firstElementChild;
    point.focus({ preventScroll: true });
    point.scrollIntoView({ block: "center" });
  }

  function turn(form, button) {
    if (button.value.startsWith("wish")) {
      unmet = button.value === "wish_unmet";
      show(unmet ? "#T10" : "#T11");
      return;
    }
    buddies += button.value === "buddy_came" ? 1 : -1;
    form.querySelectorAll("button").forEach((one) => (one.hidden = one === button));
    followed.textContent = button.value === "buddy_came" ? form.dataset.textCame : form.dataset.textStayedAway;
    followed.hidden = false;
    show("li");
  }

  /* Saving */

  const queue = [];
  let sending = false;

  function say(text) {
    unsaved.hidden = !text;
    unsaved.textContent = text;
  }

  function save(form, button, refused = () => {}) {
    const body = new FormData(form);
    if (button.name) body.append(button.name, button.value);
    queue.push({ address: form.action, body, refused });
    send();
  }

  /* What was saved before made a new version of the meeting; that is the one this goes on from. */
  let revision = "";

  async function post({ address, body }) {
    if (revision && body.has("revision")) body.set("revision", revision);
    const answer = await fetch(address, { method: "POST", body, headers: { "HX-Request": "true" } });
    revision = answer.headers.get("Meeting-Revision") || revision;
    return answer;
  }

  /* Who signed in again has another token. */
  async function renewToken(item) {
    const answer = await fetch(location.href);
    if (answer.url.includes(SIGN_IN)) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("[name=csrfmiddlewaretoken]");
    if (token) item.body.set("csrfmiddlewaretoken", token.value);
    return Boolean(token);
  }

  /* "saved", "signed out", or "refused" for what the server will not have, however often it is sent. */
  async function outcome(item) {
    let answer = await post(item);
    if (answer.status === 403 && (await renewToken(item))) answer = await post(item);
    if (answer.status === 204 && !answer.headers.has("HX-Redirect")) return "saved";
    const signedOut = answer.status === 403 || answer.url.includes(SIGN_IN) || answer.headers.has("HX-Redirect");
    return signedOut ? "signed out" : "refused";
  }

  async function send() {
    if (sending) return;
    sending = true;
    let lost = "";
    try {
      while (queue.length) {
        const result = await outcome(queue[0]);
        if (result === "signed out") {
          say(unsaved.dataset.textSignedOut);
          break;
        }
        const item = queue.shift();
        if (result === "refused") {
          item.refused();
          lost = unsaved.dataset.textRefused;
        }
      }
      if (!queue.length) say(lost);
    } catch {
      say(unsaved.dataset.textOffline);
    }
    sending = false;
    if (queue.length) setTimeout(send, RETRY);
  }

  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });

  /* A promise */

  function promised(form) {
    const words = form.elements.words;
    const day = form.elements.due_on;
    const list = document.querySelector("[data-promised]");
    const line = document.createElement("li");
    line.textContent = `${list.dataset.textKept} ${words.value.trim()}`;
    list.append(line);
    list.hidden = false;
    const kept = { words: words.value, day: day.value };
    words.value = "";
    words.dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.submission.value = crypto.randomUUID();
    return () => {
      line.remove();
      words.value = kept.words;
      day.value = kept.day;
    };
  }

  /* What is not filled in goes the usual way: the server says what is missing. */
  function filledIn(form) {
    return form.elements.words.value.trim() && form.elements.due_on.value && window.crypto && crypto.randomUUID;
  }

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.matches("[data-turn]")) {
        event.preventDefault();
        save(form, event.submitter);
        turn(form, event.submitter);
      } else if (form.matches("[data-promise]") && filledIn(form)) {
        event.preventDefault();
        const item = new FormData(form);
        const undo = promised(form);
        queue.push({ address: form.action, body: item, refused: undo });
        send();
      }
    },
    true,
  );

  /* Away from this page there is nothing without a connection. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.getAttribute("href").startsWith("#") || navigator.onLine) return;
    event.preventDefault();
    say(unsaved.dataset.textOffline);
    unsaved.scrollIntoView({ block: "center" });
  });

  /* The clock */

  const untils = clock.dataset.untils.trim().split(" ").map((one) => new Date(one));
  const MINUTE = 60000;

  function tell() {
    const until = untils[buddies];
    const left = Math.ceil((until - Date.now()) / MINUTE);
    const longest = (until - new Date(untils[0])) / MINUTE + 180;
    clock.querySelector("[data-until]").textContent = until.toLocaleTimeString("nl-NL", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: "Europe/Amsterdam",
    });
    let words = "";
    if (left > 0 && left <= longest) words = clock.dataset.textLeft.replace("{n}", left);
    else if (left <= 0 && left > -180) words = clock.dataset.textOver;
    clock.querySelector("[data-left]").textContent = words ? `· ${words}` : "";
    clock.classList.toggle("crib-soon", Boolean(words) && left <= 5);
  }

  tell();
  setInterval(tell, 10000);

  /* One point a screen, or one list */

  const steps = document.querySelector("[data-steps]");
  steps.hidden = false;
  steps.addEventListener("click", () => {
    const pressed = steps.getAttribute("aria-pressed") !== "true";
    steps.setAttribute("aria-pressed", String(pressed));
    crib.classList.toggle("crib-steps", pressed);
    if (pressed) shown.firstElementChild.scrollIntoView({ block: "start" });
  });
})();
