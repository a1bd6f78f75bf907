// The tiles: one element each, made once and drawn anew when its numbers change.

import { $, clock, element, grouped, inWords, known, plain, shown, sign, state, word } from "./page.js";

const TITLED = new Set(["unit.customers", "unit.per_customer"]); // the unit is in the title or the line below
const FIT_STEPS = 6;
const ALWAYS = new Set(["pipeline", "customers_out"]); // their parts are always shown

function bars(parts) {
  const most = Math.max(1, ...parts.map((part) => part.value ?? 0));
  return element("div", "bars", ...parts.map((part) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const height = Math.max(2, (60 * (part.value ?? 0)) / most);
    svg.setAttribute("viewBox", "0 0 100 62");
    svg.setAttribute("preserveAspectRatio", "none");
    for (const [name, value] of Object.entries({ x: 8, width: 84, y: 62 - height, height })) rect.setAttribute(name, value);
    svg.append(rect);
    return element("div", part.alarm ? "alarm" : "", element("b", "", shown("count", part.value)), svg, word(part.label));
  }));
}

function partText(tile, part) {
  if (!part.label.startsWith("role.")) return shown(["percent", "minutes"].includes(tile.form) ? tile.form : "count", part.value);
  return part.value === null ? "—" : `${shown("seconds", part.value)}${part.value < 600 ? ` ${word("unit.seconds")}` : ""}`;
}

// A number is shown in the last existing row; a text has a row of its own.
function target(name, tile) {
  const { target: text } = tile.main;
  if (text === null) return {};
  if (known(`target.${name}`) || !Number(text)) {
    const label = known(`target.${name}`) ? word(`target.${name}`) : text;
    return { row: element("div", "target", `${word("target")} ${label}`) };
  }
  const percent = element("b", "", `${Math.round(10000 * text) / 100}`);
  return { inline: element("span", "goal", `${word("target")} `, percent) };
}

function partElement(tile, part) {
  return element("span", part.alarm ? "alarm" : "", word(part.label), element("b", "", partText(tile, part)));
}

// Each break-down by itself, since each adds up to the main figure; then what that does not count.
function parts(tile, name, goal) {
  const shown = tile.parts.filter((part) => Number(part.value) || ALWAYS.has(name));
  const size = shown.length > 8 ? " most" : shown.length > 6 || tile.main.line ? " many" : "";
  const blocks = [...new Set(shown.filter((part) => part.counted).map((part) => part.group))].map((group) =>
    shown.filter((part) => part.counted && part.group === group).map((part) => partElement(tile, part)));
  if (goal) blocks.length ? blocks.at(-1).push(goal) : blocks.push([goal]);
  const beyond = shown.filter((part) => !part.counted).map((part) => partElement(tile, part));
  return [
    ...blocks.map((block) => element("div", `parts${size}`, ...block)),
    ...(beyond.length ? [element("div", `beyond${size}`, word("not_counted"), ...beyond)] : []),
  ];
}

function beside(tile, goal) {
  const drawn = tile.beside.map((figure) => {
    const label = element("span", "", `${word(figure.label)} `,
      element("b", "", shown(figure.denominator === 1 ? "count" : tile.form, figure.value)), // percentiles are whole minutes
      figure.since ? ` ${word("counts_since")} ${figure.since.slice("2026-".length)}` : null,
      figure.findings.length ? " ⚠" : null);
    if (figure.findings.length) label.title = sign(figure.findings).title;
    if (figure.reason) label.title = inWords(figure.reason_text);
    return label;
  });
  if (goal) drawn.push(goal);
  return drawn.length ? element("div", "beside", ...drawn) : null;
}

function below(name, tile) {
  const line = tile.main.line && element("div", "line",
    element("b", "", tile.main.line.map(plain).join(" / ")), element("span", "", lineWord(name)));
  const reason = tile.main.reason && element("div", "reason", inWords(tile.main.reason_text));
  const goal = target(name, tile);
  const inParts = tile.parts.length > 0 && !tile.bars && tile.beside.length === 0;
  const broken = tile.parts.length ? (tile.bars ? [bars(tile.parts)] : parts(tile, name, inParts && goal.inline)) : [];
  const since = tile.main.since && element("div", "question", `${word("counts_since")} ${tile.main.since}`);
  return element("div", "below", sign(tile.main.findings), since, reason, line, beside(tile, !inParts && goal.inline),
    ...broken, goal.row ?? null);
}

const lineWord = (name) => (known(`line.${name}`) ? word(`line.${name}`) : word(`line.${name.split("_")[0]}`));

export function draw(name) {
  const tile = state.tiles[name];
  const text = shown(tile.form, tile.main.value);
  const undefinedValue = tile.main.value === null;
  const number = element("b", text.length > 6 ? "long" : "", text);
  const minutes = tile.form === "seconds" && text.endsWith("min");
  const unit = undefinedValue || minutes || TITLED.has(tile.unit) ? null : element("span", "", word(tile.unit));
  const drawn = tileElement(name); // stays: a click must not be lost because a number changed meanwhile
  const classes = { stale: tile.stale, undefined: undefinedValue, alarm: tile.alarm };
  drawn.className = ["tile", ...Object.keys(classes).filter((each) => classes[each])].join(" ");
  drawn.dataset.role = tile.role ?? "";
  drawn.title = [tile.main.basis, tile.main.target_by && `${word("target")}: ${tile.main.target_by}`].filter(Boolean).join("\n");
  const provisional = tile.main.provisional && !tile.stale ? ` · ${word("provisional")}` : "";
  drawn.replaceChildren(
    element("h2", "", word(name)),
    element("div", "value", number, unit),
    below(name, tile),
    element("div", "foot",
      element("span", "", `${word("as_of")} ${clock(tile.current_to)}${provisional}`),
      element("span", "", word(tile.note)),
      tile.stale && tile.current_to ? element("em", "", word("stale")) : null));
  fit(drawn);
}

// Rows whose text is wider, or higher, than there is room are drawn smaller: a number that is cut off reads as another.
function fit(tile) {
  for (const row of tile.querySelectorAll(".value, .below, .foot")) {
    row.style.removeProperty("--fit");
    for (let step = 0, size = 1; step < FIT_STEPS; step += 1) {
      const high = row.className === "below" ? row.scrollHeight / row.clientHeight : 1;
      const over = Math.max(row.scrollWidth / row.clientWidth, high);
      if (!(over > 1)) break; // also where the tile is not shown, and has no width
      size /= over * 1.01;
      row.style.setProperty("--fit", size);
    }
  }
}

export const fitAll = () => document.querySelectorAll(".tile:not([hidden])").forEach(fit);

function tileElement(name) {
  const found = document.querySelector(`[data-name="${name}"]`);
  if (found) return found;
  const made = element("button", "tile");
  made.type = "button";
  made.dataset.name = name;
  made.addEventListener("click", () => made.dispatchEvent(new CustomEvent("opentile", { bubbles: true, detail: name })));
  $("board").append(made);
  return made;
}

export function take(changed) {
  for (const [name, tile] of Object.entries(changed)) {
    state.tiles[name] = tile;
    draw(name);
  }
}

// The tiles of a view in its order; the others are there, but not shown.
export function showTiles(names) {
  const places = new Map(names.map((name, place) => [name, place]));
  for (const each of document.querySelectorAll(".tile")) {
    const place = places.get(each.dataset.name);
    each.hidden = place === undefined;
    each.style.order = place ?? 0;
  }
  $("board").dataset.count = names.length;
  fitAll();
}
