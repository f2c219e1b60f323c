/* One click prints the page; what is folded in comes along on paper. */
"use strict";

(() => {
  const folds = () => document.querySelectorAll("details[data-print-open]:not([open])");
  let opened = [];

  window.addEventListener("beforeprint", () => {
    opened = [...folds()];
    opened.forEach((fold) => fold.setAttribute("open", ""));
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((fold) => fold.removeAttribute("open"));
    opened = [];
  });
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
