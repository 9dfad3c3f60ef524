// 监控填报：停笔后试判，红黄绿蓝与理由就在行里。没有这个文件，保存或体检后也看得到。
"use strict";
(() => {
  const AFTER = 700; // milliseconds after the last keystroke
  const form = document.getElementById("content");
  if (!form || !form.dataset.progress || !form.desk) return;
  const desk = form.desk, summary = document.getElementById("lights");
  let timer = 0, asked = 0;

  async function judge() {
    const mine = (asked += 1);
    try {
      const answer = await desk.ask(form.dataset.progress);
      const told = await answer.json();
      if (mine !== asked) return;
      summary.classList.toggle("stale", !answer.ok);
      if (answer.ok) show(told);
    } catch {
      summary.classList.add("stale");
    }
  }

  function show(told) {
    fill("0", told.execution, null);
    told.lines.forEach((line, index) => fill(String(index + 1), line, form.elements.namedItem(`lines.${index + 1}.cause`)));
    light(summary.querySelector(".light"), told.worst, told.label);
    const counts = told.counts;
    summary.querySelector(".muted").textContent = `红 ${counts.red} · 黄 ${counts.yellow} · 绿 ${counts.green} · 蓝 ${counts.blue}（含预算执行）`;
  }

  function light(where, colour, label) {
    where.className = `light light-${colour || "none"}`;
    where.textContent = label;
  }

  function fill(seq, line, reason) {
    const row = form.querySelector(`[data-line="${seq}"]`);
    light(row.querySelector(".light"), line.light, line.label);
    row.querySelector("[data-why]").textContent = line.why;
    row.querySelector("[data-due]").hidden = !line.due;
    row.querySelector("[data-due-words]").textContent = line.due;
    const likely = row.querySelector("[data-likelihood]");
    if (likely) likely.textContent = line.likelihood ? `完成目标：${line.likelihood}` : "";
    if (reason) reason.classList.toggle("wanted", Boolean(line.due));
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(judge, AFTER);
  });
  judge();
})();
