/* One click copies a field, or the text of a letter. Without JavaScript one selects it. */
"use strict";

(() => {
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (field.select) field.select();
      await navigator.clipboard.writeText(field.value ?? field.innerText);
      button.textContent = button.dataset.done;
    });
  });
})();
