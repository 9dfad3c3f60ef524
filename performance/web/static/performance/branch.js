// 任务的单位树：勾部门就是勾全部单位。没有这个文件页面也能用。
"use strict";
(() => {
  function branch(one) {
    const whole = one.querySelector("input[name=department]");
    const units = [...one.querySelectorAll("input[name=unit]")];
    const settle = () => {
      const chosen = units.filter((unit) => unit.checked).length;
      whole.checked = units.length > 0 && chosen === units.length;
      whole.indeterminate = chosen > 0 && chosen < units.length;
    };
    whole.addEventListener("change", () => units.forEach((unit) => { unit.checked = whole.checked; }));
    units.forEach((unit) => unit.addEventListener("change", settle));
    if (whole.checked) units.forEach((unit) => { unit.checked = true; });
    settle();
  }
  document.querySelectorAll("[data-branch]").forEach(branch);
})();
