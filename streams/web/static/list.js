// The list behind a tile: its cases, or the transformer areas where there are no cases that add up to it.

import { $, clock, element, explained, grouped, known, moment, now, plain, shown, state, word } from "./page.js";

const MINUTES = new Set(["seconds", "customer_seconds"]);
let openTile = null;
let asked = 0; // lists asked for: only the answer to the last one is shown

function amount(unit, value, digits) {
  return MINUTES.has(unit) ? grouped(value / 60, digits) : grouped(value, 0);
}

const unitWord = (unit) => word(`unit.${unit === "seconds" ? "minutes" : unit}`);

const findingWord = (rule) => (known(`finding.${rule}`) ? word(`finding.${rule}`) : rule);
const stateWord = (case_) => word(known(`${case_.kind}.${case_.state}`) ? `${case_.kind}.${case_.state}` : case_.state);
const kindWord = (case_) => word(case_.outage_kind ?? case_.work_type ?? case_.case_kind ?? "");

// What the columns of a list are, by the kind of its cases: heading and text of a case.
const COLUMNS = {
  outage: [["since", (case_) => moment(case_.started_at)], ["until", (case_) => moment(case_.restored_at)]],
  order: [
    ["reported", (case_) => moment(case_.report_received_at)], ["arrived", (case_) => moment(case_.arrived_at)],
    ["crew", (case_) => case_.crew ?? "—"],
  ],
  complaint: [
    ["category", (case_) => word(case_.category ?? "unknown")], ["level", (case_) => word(case_.level ?? "unknown")],
    ["accepted_at", (case_) => moment(case_.accepted_at)], ["deadline", (case_) => moment(case_.reply_deadline_at)],
  ],
  point: [["area", (case_) => (case_.areas || []).join(", ")]],
};

// Of the clocks that a list is about, or of all that go on, the one with the least time left.
function nearest(list, case_) {
  return (case_.clocks || [])
    .filter((each) => each.open && each.deadline_at && (list.status === null || each.status === list.status))
    .sort((one, other) => one.deadline_at.localeCompare(other.deadline_at))[0];
}

function left(found) {
  const drawn = element("span", "left");
  if (found) drawn.dataset.deadline = Date.parse(found.deadline_at);
  return drawn;
}

// Time left goes on between two answers; late is red.
export function tick() {
  for (const each of document.querySelectorAll(".left[data-deadline]")) {
    const minutes = Math.floor((each.dataset.deadline - now()) / 60000);
    const whole = minutes < 0 ? -minutes : minutes;
    each.textContent = `${minutes < 0 ? "−" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    each.classList.toggle("late", minutes < 0);
  }
}

function commitments(list) {
  const found = new Map(list.items.map((case_) => [case_, nearest(list, case_)]).filter(([, each]) => each));
  return found.size === 0 ? [] : [
    ["promise", (case_) => word(found.get(case_)?.clock ?? "")], ["left", (case_) => left(found.get(case_))],
  ];
}

function columns(list) {
  const kinds = [...new Set(list.items.map((case_) => case_.kind))];
  const found = [
    ["case", (case_) => case_.case],
    ["state", stateWord],
    ["region", (case_) => (case_.regions || []).join(", ")],
  ];
  if (!kinds.every((kind) => kind === "point")) found.push(["kind", kindWord]);
  if (list.status !== null) found.push(["area", (case_) => (case_.areas || []).join(", ")], ["crew", (case_) => case_.crew ?? "—"]);
  else if (kinds.length === 1) found.push(...COLUMNS[kinds[0]]);
  found.push(...commitments(list));
  if (list.unit === "findings" || list.tile.main.findings.length) {
    found.push(["findings", (case_) => (case_.findings || []).map(findingWord).join(", ")]);
  }
  return [...found, [null, (case_) => amount(list.unit, case_.amount, 1)]];
}

function areaColumns(list) {
  const { form, unit } = list.tile;
  const value = form === "count" ? unit : "value";
  const found = [["area", (row) => row.area], [value, (row) => `${shown(form, row.value)}${form === "percent" ? " %" : ""}`]];
  if (list.items.some((row) => row.line)) found.splice(1, 0, ["line", (row) => row.line?.map(plain).join(" / ") ?? ""]);
  return found;
}

const tableRow = (cell, texts) => element("tr", "", ...texts.map((text) => element(cell, "", text)));

function head(list, name) {
  if (name === null) return `${word("amount")} (${unitWord(list.unit)})`;
  return name === "line" ? `${word("above")} / ${word("below")}` : word(name);
}

function summary(list, areas) {
  const { tile } = list; // the tile as it was when the list was made
  const value = `${shown(tile.form, tile.main.value)} ${tile.main.value === null ? "" : word(tile.unit)}`;
  const line = tile.main.line ? ` (${tile.main.line.map(plain).join(" / ")})` : "";
  const sum = list.sum === null ? [] :
    [`${word("sum")} `, element("b", "", amount(list.unit, list.sum, 0)), ` ${unitWord(list.unit)} · `];
  return [...sum, `${grouped(list.total, 0)} ${word(areas ? "entries.areas" : "entries")} · ${word("tile")} `,
    element("b", "", value + line), ` · ${word("as_of")} ${clock(tile.main.as_of)}`,
    ...tile.main.findings.map((finding) => element("div", "question", `⚠ ${explained(finding)}`))];
}

function showList(list) {
  const areas = list.tile.behind === "areas";
  const all = areas ? areaColumns(list) : columns(list);
  $("list-title").textContent = word(list.name);
  $("list-sum").replaceChildren(...summary(list, areas));
  $("list-head").replaceChildren(tableRow("th", all.map(([name]) => head(list, name))));
  $("list-body").replaceChildren(...list.items.map((row) => tableRow("td", all.map(([, text]) => text(row)))));
  const left = list.total - list.items.length;
  const more = left > 0 ? [`+ ${grouped(left, 0)} ${word("more")}`] : [];
  $("list-more").textContent = [...(list.sum === null ? [word("no_list.mean")] : []), ...more].join(" · ");
  $("list-close").textContent = word("close");
  tick();
}

export async function openList(name) {
  openTile = name;
  const question = ++asked;
  const answer = await fetch(`/api/v1/tiles/${name}/${state.tiles[name].behind}`);
  const list = await answer.json();
  if (!answer.ok || question !== asked || openTile !== name) return;
  showList(list);
  if (!$("list").open) $("list").showModal();
}

// The list lives too; without an answer it stays.
export function follow(changed) {
  if (openTile in changed) openList(openTile).catch(() => {});
}

export function begin() {
  $("board").addEventListener("opentile", (event) => openList(event.detail).catch(() => {}));
  $("list-close").addEventListener("click", () => $("list").close());
  $("list").addEventListener("close", () => { openTile = null; });
}
