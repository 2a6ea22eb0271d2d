// Carries out the drawings that the server describes: `data-option` of an element is an option of ECharts.
import { echarts } from "../echarts/index.js";

const root = document.documentElement.dataset.root || "";

function address(iri) {
  const base = document.documentElement.dataset.base;
  return iri.startsWith(base) && !iri.includes("#") ? root + "/" + iri.slice(base.length) : iri;
}

async function shapes(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const collection = await answer.json();
  echarts.registerMap("boundaries", collection);
  return new Map(collection.features.map((feature) => [feature.properties.iri, feature.properties.name]));
}

export async function draw(element) {
  const option = JSON.parse(element.dataset.option);
  const names = option.shapes ? await shapes(option.shapes) : new Map();
  delete option.shapes;
  if (option.series.some((series) => series.type === "map"))
    option.tooltip.formatter = (item) =>
      `${names.get(item.name) || item.name}: ${item.data ? item.value : element.dataset.unknown}` +
      (item.data && item.data.note ? ` (${item.data.note})` : "");
  const chart = echarts.init(element, null, { renderer: "svg" });
  chart.setOption(option);
  new ResizeObserver(() => chart.resize()).observe(element);
  chart.on("click", (item) => {
    const iri = item.data && item.data.iri;
    if (!iri) return;
    if (element.dataset.grows !== undefined) element.dispatchEvent(new CustomEvent("grow", { detail: iri }));
    else if (element.dataset.to) location.href = element.dataset.to.replace("IRI", encodeURIComponent(iri));
    else location.href = address(iri);
  });
  element.dataset.drawn = "true";
  return chart;
}

export const charts = new Map();
for (const element of document.querySelectorAll("[data-option]")) charts.set(element, await draw(element));
