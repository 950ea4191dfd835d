"use strict";
// Filters and sorts the examples. Without scripts the page shows them all.
(() => {
  const list = document.getElementById("examples");
  if (!list) return;
  const field = (id) => document.getElementById(id);
  const cards = [...list.children];
  const rows = new Map(cards.map((card) => [card, [...card.querySelectorAll(".try")]]));
  const update = () => {
    const model = field("model").value;
    const status = field("status").value;
    const order = field("order").value;
    const fits = (row) =>
      (!model || row.dataset.model === model) && (!status || row.dataset.status === status);
    const key = (card) =>
      Math.min(Infinity, ...rows.get(card).filter(fits).map((row) => Number(row.dataset[order])));
    const shown = cards.filter((card) => rows.get(card).some(fits));
    const sorted = order === "index" ? shown : [...shown].sort((a, b) => key(a) - key(b));
    list.replaceChildren(...sorted);
    field("none").classList.toggle("hidden", shown.length > 0);
    field("count").textContent = shown.length + " of " + cards.length;
  };
  for (const id of ["model", "status", "order"]) field(id).addEventListener("change", update);
  update();
})();
