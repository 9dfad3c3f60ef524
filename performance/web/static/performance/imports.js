// Dropping files on the form is choosing them and pressing its button.
(() => {
  const form = document.getElementById("upload");
  if (!form) return;
  const field = form.querySelector("input[type=file]");
  let depth = 0;
  const over = (on) => form.classList.toggle("over", on);
  form.addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; over(true); });
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); if (!depth) over(false); });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    over(false);
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  // A file that misses the form must not replace the page.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    button.textContent = "正在上传 …";
  });
})();
