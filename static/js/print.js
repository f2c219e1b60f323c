/*
 * One click prints the page; what is folded in comes along on paper. What was typed on the paper itself is stored
 * nowhere: whoever leaves before printing it is asked first.
 */
"use strict";

(() => {
  const folds = () => document.querySelectorAll("details[data-print-open]:not([open])");
  const typed = () => [...document.querySelectorAll("[data-keep]")].map((each) => each.textContent.trim()).join("");
  let opened = [];
  let printed = "";

  window.addEventListener("beforeprint", () => {
    opened = [...folds()];
    opened.forEach((fold) => fold.setAttribute("open", ""));
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((fold) => fold.removeAttribute("open"));
    opened = [];
    printed = typed();
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed() !== printed) event.preventDefault();
  });
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
