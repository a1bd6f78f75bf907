// The views as tabs: one at a time, kept in the address, by click, key (arrows, digits, R), or in rotation.

import { $, element, state, word } from "./page.js";
import { showTiles } from "./tiles.js";

const STORY = "story";
const ROTATE_SECONDS = 20;
const ROTATE_SECONDS_MAX = 3600;
const parameters = new URLSearchParams(location.search);
let timer = null;

const names = () => [...state.board.views.map((view) => view.name), ...(state.scenes === null ? [] : [STORY])];
const chosen = () => (names().includes(location.hash.slice(1)) ? location.hash.slice(1) : names()[0]);

export function show() {
  const name = chosen();
  const view = state.board.views.find((each) => each.name === name);
  $("board").hidden = !view;
  $("story").hidden = Boolean(view);
  if (view) showTiles(view.tiles);
  for (const tab of $("tabs").children) {
    const selected = tab.dataset.view === name;
    tab.setAttribute("aria-selected", selected);
    tab.tabIndex = selected ? 0 : -1;
  }
}

function select(name, focus) {
  history.replaceState(null, "", `#${name}`);
  show();
  if (focus) $("tabs").querySelector(`[data-view="${name}"]`).focus();
  if (timer) rotate(true);
}

function tab(name) {
  const made = element("button", "", word(`view.${name}`));
  made.type = "button";
  made.dataset.view = name;
  made.setAttribute("role", "tab");
  made.setAttribute("aria-controls", name === STORY ? STORY : "board");
  made.addEventListener("click", () => select(name, false));
  return made;
}

function key(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || $("list").open) return;
  const all = names();
  const at = all.indexOf(chosen());
  const onTab = event.target.closest?.("[role=tablist]");
  if (onTab && event.key === "ArrowRight") select(all[(at + 1) % all.length], true);
  else if (onTab && event.key === "ArrowLeft") select(all[(at + all.length - 1) % all.length], true);
  else if (onTab && event.key === "Home") select(all[0], true);
  else if (onTab && event.key === "End") select(all.at(-1), true);
  else if (all[Number(event.key) - 1]) select(all[Number(event.key) - 1], false);
  else if (event.key.toLowerCase() === "r") rotate(!timer);
  else return;
  event.preventDefault();
}

function turn() {
  if ($("list").open) return; // somebody reads
  const all = names();
  history.replaceState(null, "", `#${all[(all.indexOf(chosen()) + 1) % all.length]}`);
  show();
}

// An option of the address, so that a wall screen can start with it: ?rotate=20
function rotate(on) {
  clearInterval(timer);
  const asked = Number(parameters.get("rotate"));
  const seconds = asked >= 1 && asked <= ROTATE_SECONDS_MAX ? asked : ROTATE_SECONDS; // else a timer would run wild
  timer = on ? setInterval(turn, seconds * 1000) : null;
  if (on) parameters.set("rotate", seconds);
  else parameters.delete("rotate");
  history.replaceState(null, "", `?${parameters}${location.hash}`);
  $("rotate").setAttribute("aria-pressed", on);
  otherLanguage();
}

function otherLanguage() {
  const other = new URLSearchParams(parameters);
  other.set("lang", word("other_language"));
  $("language").href = `?${other}${location.hash}`;
}

export function begin() {
  $("tabs").replaceChildren(...names().map(tab));
  $("tabs").setAttribute("aria-label", word("views"));
  $("rotate").textContent = word("rotate");
  $("rotate").title = "R";
  $("language").textContent = word("language");
  $("language").hreflang = word("other_language");
  $("language").addEventListener("mousedown", otherLanguage); // with the view as it is then
  $("language").addEventListener("focus", otherLanguage);
  $("rotate").addEventListener("click", () => rotate(!timer));
  document.addEventListener("keydown", key);
  window.addEventListener("hashchange", show);
  rotate(parameters.has("rotate"));
  show();
}
