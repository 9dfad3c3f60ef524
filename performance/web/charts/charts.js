// Draws the charts of a page from the JSON that stands in it. Every chart has its table beside it:
// without this script the page says the same.
import { BarChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, ScatterChart, AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent, SVGRenderer]);

const INK = "#1d2733", MUTED = "#5a6675", LINE = "#d7dde5", ACCENT = "#0b5a8f";
const FONT = { color: INK, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 };

function base(words) {
  return {
    animation: false,
    textStyle: FONT,
    // Patterns beside colours: the chart is printed in black and white.
    aria: { enabled: true, label: { description: words }, decal: { show: true } },
    grid: { left: 48, right: 24, top: 40, bottom: 44 },
    legend: { top: 0, right: 0, itemWidth: 18, textStyle: FONT },
  };
}

function axis(name, extra) {
  return {
    name, nameLocation: "middle", nameGap: 30, nameTextStyle: { color: MUTED },
    axisLine: { lineStyle: { color: MUTED } }, splitLine: { lineStyle: { color: LINE } },
    axisLabel: { color: INK }, ...extra,
  };
}

function grades(data) {
  return {
    ...base(data.words),
    // Words of our own: those of the library carry style attributes, which the policy refuses.
    tooltip: { confine: true, formatter: (p) => `${p.name}：${p.seriesName} ${p.value} 个` },
    xAxis: axis("", { type: "category", data: data.labels }),
    yAxis: axis("", { type: "value", minInterval: 1 }),
    series: data.series.map((one, number) => ({
      name: one.name, type: "bar", data: one.counts, barMaxWidth: 44,
      // Dark and light apart in black and white too, and each with an edge and a pattern of its own.
      itemStyle: {
        color: number ? ACCENT : "#f0dcae", borderColor: INK, borderWidth: 1,
        decal: number ? { symbol: "none" } : { symbol: "rect", color: "#7a4b00", dashArrayX: [1, 0], dashArrayY: [1, 6], rotation: -Math.PI / 4 },
      },
      label: { show: true, position: "top", color: INK },
    })),
  };
}

function corner(one) {
  return [
    { name: one.label, xAxis: one.from[0], yAxis: one.from[1], itemStyle: { color: one.color, opacity: 0.35 },
      label: { color: INK, position: one.at, fontSize: 12 } },
    { xAxis: one.to[0], yAxis: one.to[1] },
  ];
}

function dots(data) {
  return {
    ...base(data.words),
    tooltip: { confine: true, formatter: (p) => `${p.data.name}<br>执行率 ${p.data.value[0]}%，${p.seriesName} ${p.data.value[1]} 分` },
    xAxis: axis("预算执行率（%）", { type: "value", min: 0, max: data.most_rate }),
    yAxis: axis("得分", { type: "value", min: 0, max: 100, nameGap: 34 }),
    series: data.series.map((one, number) => ({
      name: one.name, type: "scatter", symbol: number ? "circle" : "diamond", symbolSize: number ? 9 : 10,
      itemStyle: number ? { color: ACCENT } : { color: "#fff", borderColor: "#7a4b00", borderWidth: 1.5 },
      data: one.dots.map(([place, points]) => {
        const [name, url, rate] = data.projects[place];
        return { name: escaped(name), url, value: [rate, points] };
      }),
      markArea: number ? undefined : { silent: true, data: data.corners.map(corner) },
    })),
  };
}

function escaped(text) {
  const holder = document.createElement("span");
  holder.textContent = text;
  return holder.innerHTML;
}

const DRAWN = { grades, dots };
for (const place of document.querySelectorAll("[data-chart]")) {
  const data = JSON.parse(document.getElementById(place.dataset.source).textContent);
  place.hidden = false;
  const chart = init(place, null, { renderer: "svg", height: 300 });
  chart.setOption(DRAWN[place.dataset.chart](data));
  chart.on("click", (event) => { if (event.data && event.data.url) window.location.assign(event.data.url); });
  new ResizeObserver(() => chart.resize()).observe(place);
}
