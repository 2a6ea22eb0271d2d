// Lets the neighbourhood graph grow by the neighbours of the thing that is chosen, and says what is left out.
import { charts } from "./charts.js";

const words = document.getElementById("grow").dataset;
const told = document.getElementById("left");
const drawn = document.getElementById("drawn");

function say(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

for (const [element, chart] of charts) {
  if (!chart || element.dataset.grows === undefined) continue;
  element.addEventListener("grow", async (event) => {
    const iri = event.detail;
    const answer = await fetch(`${element.dataset.grows}&iri=${encodeURIComponent(iri)}`);
    if (!answer.ok) {
      told.textContent = `${answer.status} ${answer.statusText}`;
      return;
    }
    const around = await answer.json();
    const series = chart.getOption().series[0];
    const known = new Set(series.data.map((node) => node.id));
    const groups = series.categories.map((group) => group.name);
    let full = false;
    for (const node of around.nodes) {
      if (known.has(node.iri)) continue;
      if (known.size >= Number(words.most)) {
        full = true;
        break;
      }
      if (!groups.includes(node.class)) groups.push(node.class);
      known.add(node.iri);
      const category = groups.indexOf(node.class);
      series.data.push({ id: node.iri, name: node.label, category, symbolSize: 10, iri: node.iri });
    }
    for (const node of series.data) if (node.id === iri) node.symbolSize = 23;
    const present = new Set(series.links.map((link) => `${link.source} ${link.target} ${link.value}`));
    const names = new Map(series.data.map((node) => [node.id, node.name]));
    for (const [source, target, value] of around.links) {
      if (!known.has(source) || !known.has(target) || present.has(`${source} ${target} ${value}`)) continue;
      series.links.push({ source, target, value });
      const row = drawn.insertRow();
      for (const text of [names.get(source), value, names.get(target)]) row.insertCell().textContent = text;
    }
    const categories = groups.map((name) => ({ name }));
    chart.setOption({ legend: { show: true, data: groups }, series: [{ data: series.data, links: series.links, categories }] });
    if (full) told.textContent = say(words.full, { number: words.most });
    else if (around.left) told.textContent = say(words.left, { name: around.name, number: around.left + (around.more ? "+" : "") });
    else told.textContent = `${around.name}: ${words.whole}`;
    const url = new URL(location.href);
    const opened = (url.searchParams.get("open") || "").split(" ").filter(Boolean);
    if (!opened.includes(iri)) url.searchParams.set("open", [...opened, iri].join(" "));
    history.replaceState(null, "", url);
  });
  element.dataset.ready = "true";
}
