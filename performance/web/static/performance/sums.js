// 分值与资金边填边加。只加总并列出应有的数，合不合规由体检判断。没有这个文件页面也能用。
"use strict";
(() => {
  const form = document.getElementById("content");
  const bar = document.getElementById("points");
  if (!form || !form.desk || !bar) return;
  const template = JSON.parse(bar.dataset.template);
  const total = document.getElementById("points-total"), funds = document.getElementById("funds-total");
  const PLACES = 10000; // whole numbers of ten-thousandths: decimal figures add up exactly
  const AFTER = 100; // milliseconds after the last keystroke
  let timer = 0;

  const written = (text) => text.trim().replace(/[０-９．]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/[,，\s]/g, "");
  function whole(text) {
    const figure = written(text).replace(/分$/, "");
    return /^\d{1,9}(\.\d{1,4})?$/.test(figure) ? Math.round(Number(figure) * PLACES) : null;
  }
  const plain = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 4 });
  const cents = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: 2 });
  const shown = (number) => plain.format(number / PLACES);
  function apart(sum, due, missing) {
    if (sum === due) return missing ? "分值已经分完" : "正好";
    return sum < due ? `还差 ${shown(due - sum)} 分` : `多 ${shown(sum - due)} 分`;
  }
  function line(tag, className, words) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = words;
    return made;
  }

  function points() {
    const sums = new Map();
    let sum = 0, missing = 0;
    for (const row of form.desk.rowsOf("indicators")) {
      const level = row.querySelector("[name$='.level1']").value.trim().replace(/指标$/, "");
      const field = row.querySelector("[name$='.points']"), found = whole(field.value);
      if (!level && !field.value.trim() && !row.querySelector("[name$='.name']").value.trim()) continue;
      if (found === null) missing += 1;
      sums.set(level, (sums.get(level) || 0) + (found || 0));
      sum += found || 0;
    }
    const own = whole(form.elements.namedItem("goal_points").value), due = own ?? whole(template.total);
    const allowed = [due, ...template.totals.map(whole)];
    // Until all points are given out a satisfaction is still to come; it is asked of most tables.
    const has = (level) => sums.has(level) || (level === "满意度" && sum < due);
    const levels = template.levels[["成本", "满意度"].filter(has).join(",")];
    const names = [...new Set([...Object.keys(levels), ...sums.keys()])];
    const parts = names.map((name) => {
      const got = sums.get(name) || 0, wanted = name in levels ? whole(levels[name]) : null;
      const part = line("span", `part${wanted !== null && got !== wanted ? " part-off" : ""}`, "");
      const strip = line("span", "strip", "");
      strip.setAttribute("aria-hidden", "true");
      const inner = line("span", got > (wanted ?? got) ? "over" : "", "");
      inner.style.width = `${wanted ? Math.min(100, (got / wanted) * 100) : 0}%`;
      strip.append(inner);
      part.append(line("span", "part-name", name || "未写一级指标"), line("span", "part-figure", wanted === null ? `${shown(got)} 分` : `${shown(got)} / ${shown(wanted)}`), strip);
      return part;
    });
    const fits = allowed.includes(sum) && !missing;
    const told = `${missing ? `${missing} 个指标没有分值，` : ""}${fits && sum !== due ? `合 ${shown(sum)} 分制` : apart(sum, due, missing)}`;
    const whole_ = line("span", `part part-whole ${fits ? "good" : "bad"}`, "");
    whole_.append(line("span", "part-name", "合计"), line("span", "part-figure", `${shown(sum)} / ${shown(due)}`), line("strong", "part-told", told));
    bar.replaceChildren(...parts, whole_, line("span", "part-source muted", `${template.binding ? "按" : "参照"}《${template.title}》`));
    if (total) {
      total.textContent = `分值 ${shown(sum)}/${shown(due)}，${told}`;
      total.className = `points-total ${fits ? "good" : "bad"}`;
    }
  }

  const UNITS = { 亿元: 1e8, 亿: 1e8, 万元: 1e4, 万: 1e4, 元: 1, "": 1 };
  function amount(text) {
    const found = written(text).match(/^(\d{1,12}(?:\.\d{1,6})?)(亿元|万元|亿|万|元|)$/);
    return found ? Math.round(Number(found[1]) * UNITS[found[2]] * 100) : null; // in 分
  }
  const yuan = (amount) => cents.format(amount / 100);
  function money() {
    let sum = 0, whole = null, parts = 0, unread = 0;
    for (const row of form.desk.rowsOf("funds")) {
      const source = row.querySelector("[name$='.source']").value, field = row.querySelector("[name$='.initial']");
      if (!field.value.trim()) continue;
      const found = amount(field.value);
      if (found === null) unread += 1;
      else if (source === "total") whole = (whole || 0) + found;
      else {
        sum += found;
        parts += 1;
      }
    }
    const words = [];
    if (parts) words.push(`各来源合计 ${yuan(sum)} 元`);
    if (parts && whole !== null) words.push(sum === whole ? "与资金总额一致" : `比资金总额${sum < whole ? "少" : "多"} ${yuan(Math.abs(sum - whole))} 元`);
    if (!parts && whole !== null) words.push(`资金总额 ${yuan(whole)} 元`);
    if (unread) words.push(`${unread} 个金额读不出，没有加上`);
    funds.textContent = words.length ? `资金合计：${words.join("，")}` : "资金合计：—";
  }

  function draw() {
    points();
    money();
  }
  form.addEventListener("desk:changed", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, AFTER);
  });
  draw();
})();
