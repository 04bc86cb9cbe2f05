// The question page, quicker: quotes at their marks, reports beside the answer, follow-ups in place.
// Everything here has a plain link or form under it that does the same by loading a page.
import { carryCopies } from "./copying.js";
import { carryEvidence, showSheets } from "./evidence.js";
import { attachMarks } from "./marks.js";
import { carryThread } from "./thread.js";

attachMarks(document);
carryEvidence();
carryCopies();
carryThread(attachMarks);
showSheets(document);
document.documentElement.classList.add("ready");
