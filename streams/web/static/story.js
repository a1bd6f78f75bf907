// The demo log: its last scene below the tiles, all scenes on a page of their own.

import { $, clock, element, grouped, known, shown, state, word } from "./page.js";

function place(name, value) {
  if (typeof value !== "number" || name === "pid") return String(value ?? "—");
  return grouped(value, Number.isInteger(value) ? 0 : 1);
}

// All that was published, so that equal means equal.
function exact(form, value) {
  if (value === null) return "—";
  const number = form === "percent" ? `${Number((100 * value).toFixed(4))} %` : String(Number(value));
  return form === "count" ? shown(form, value) : number;
}

export function sentence(scene) {
  return word(`scene.${scene.scene}`).replace(/\{(\w+)\}/g, (_, name) => place(name, scene.details[name]));
}

function scenes() {
  const drawn = [...state.scenes].reverse().map((scene) =>
    element("li", scene.scene, element("time", "", clock(scene.at)), element("span", "", sentence(scene))));
  return element("div", "scenes", element("h2", "", word("story.scenes")),
    drawn.length ? element("ol", "", ...drawn) : element("p", "", word("story.waiting")));
}

function numberRow(number, kept) {
  const period = number.period && known(number.period) ? word(number.period) : number.period ?? "";
  const same = number.before === number.after;
  return element("tr", kept ? (same ? "same" : "differs") : "", element("td", "", word(number.name)), element("td", "", period),
    element("td", "", exact(number.form, number.before)), element("td", "", exact(number.form, number.after)),
    element("td", "", kept ? word(same ? "story.same" : "story.differs") : ""));
}

const differing = (a, b) => (a.before === a.after) - (b.before === b.after); // what differs first
const KEPT = "worker_back"; // shows that no number has changed, so it stays visible

function numbers() {
  const shownOnes = [state.scenes.findLast((each) => each.scene === KEPT && each.numbers.length),
    state.scenes.findLast((each) => each.scene !== KEPT && each.numbers.length)].filter(Boolean);
  return shownOnes.length ? element("div", "numbers", ...shownOnes.map(table)) : null;
}

function table(scene) {
  const heads = ["story.number", "", "story.before", "story.after", ""].map((head) => element("th", "", head && word(head)));
  return element("section", "", element("h2", "", sentence(scene)),
    element("table", "", element("thead", "", element("tr", "", ...heads)),
      element("tbody", "", ...[...scene.numbers].sort(differing).map((number) => numberRow(number, scene.scene === KEPT)))));
}

export function showDemo() {
  if (state.scenes === null) return;
  const last = state.scenes.at(-1);
  $("scene").hidden = !last;
  if (last) $("scene").replaceChildren(element("time", "", clock(last.at)), element("span", "", sentence(last)));
  $("story").replaceChildren(...[scenes(), numbers()].filter(Boolean));
}
