/* The page of a new personal link: copying it and printing its letter. Without JavaScript one selects and prints. */
"use strict";

(() => {
  const copy = document.querySelector("[data-copy]");
  const print = document.querySelector("[data-print]");

  if (copy && navigator.clipboard) {
    const field = document.getElementById(copy.dataset.copy);
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      field.select();
      await navigator.clipboard.writeText(field.value);
      copy.textContent = copy.dataset.done;
    });
  }
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
})();
