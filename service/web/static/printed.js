// Pages of a PDF drawn under the marks that the service computed. Loaded when the first one is opened.
import { GlobalWorkerOptions, getDocument } from "./vendor/pdfjs-5.6.205/pdf.min.mjs";

const HOME = new URL("./vendor/pdfjs-5.6.205/", import.meta.url);
GlobalWorkerOptions.workerSrc = new URL("pdf.worker.min.mjs", HOME).href;
const PIXELS_MAX = 8_000_000; // a canvas beyond this fails on phones
let opened = { url: "", file: null };

/** Draws every sheet of `sheets` to its width. */
export async function draw(sheets) {
  const file = await fileAt(sheets.dataset.pdf);
  for (const sheet of sheets.querySelectorAll(".sheet")) await drawPage(await file.getPage(Number(sheet.dataset.page)), sheet);
}

async function fileAt(url) {
  if (opened.url !== url) {
    await opened.file?.loadingTask.destroy();
    const options = { url, useWasm: false, isEvalSupported: false, enableXfa: false, disableAutoFetch: true };
    const places = { standardFontDataUrl: new URL("fonts/", HOME).href, wasmUrl: HOME.href };
    opened = { url, file: await getDocument({ ...options, ...places }).promise };
  }
  return opened.file;
}

async function drawPage(page, sheet) {
  const whole = page.getViewport({ scale: 1 });
  const wanted = (sheet.clientWidth * devicePixelRatio) / whole.width;
  const viewport = page.getViewport({ scale: Math.min(wanted, Math.sqrt(PIXELS_MAX / (whole.width * whole.height))) });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.floor(viewport.width), Math.floor(viewport.height)];
  canvas.setAttribute("aria-hidden", "true");
  sheet.querySelector("canvas")?.remove();
  sheet.prepend(canvas);
  await page.render({ canvas, viewport }).promise;
  sheet.classList.add("drawn");
}
