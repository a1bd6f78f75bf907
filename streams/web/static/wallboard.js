"use strict";
// The wallboard: the page asks once for words and tiles, then server-sent events bring what changed.

const $ = (id) => document.getElementById(id);
const language = new URLSearchParams(location.search).get("lang") || "en";
const tiles = {};
let board = null;
let offset = 0; // between the server's clock and this screen's, in milliseconds
let lastMessageAt = 0;
let openTile = null;
let asked = 0; // lists asked for: only the answer to the last one is shown
let instantFormat, clockFormat, momentFormat;

const word = (key) => board.texts[key] ?? key;

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null));
  return made;
}

function grouped(text, digits) {
  return Number(text).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function shown(form, value) {
  if (value === null || value === undefined) return "—";
  const number = Number(value);
  switch (form) {
    case "count": return grouped(value, 0);
    case "minutes": return grouped(value, number < 100 ? 1 : 0);
    case "percent": return grouped(100 * number, number === 1 ? 0 : 1);
    case "index": return grouped(value, number >= 100 ? 1 : number >= 1 ? 2 : 3);
    case "seconds": return number < 600 ? grouped(value, 0) : `${grouped(number / 60, 0)} min`;
  }
  return String(value);
}

const asOf = (instant) => (instant ? instantFormat.format(new Date(instant)) : "—");

const LONG = new Set(["8h_24h", "ge_24h"]);
const ALARMING = new Set(["contradictory"]); // somebody has to correct it; what was rejected is only counted

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
    const alarming = part.value > 0 && LONG.has(part.label);
    return element("div", alarming ? "alarm" : "", element("b", "", shown("count", part.value)), svg, word(part.label));
  }));
}

function parts(tile, name) {
  const always = name === "pipeline" || name === "customers_out";
  const drawn = tile.parts.filter((part) => part.value || always).map((part) => {
    const alarming = part.value > 0 && ALARMING.has(part.label);
    return element("span", alarming ? "alarm" : "", word(part.label), element("b", "", shown("count", part.value)));
  });
  return element("div", drawn.length > 8 ? "parts most" : drawn.length > 6 ? "parts many" : "parts", ...drawn);
}

function below(name, tile) {
  const children = [];
  if (tile.main.line) {
    const [above, under] = tile.main.line;
    children.push(element("div", "line", element("b", "", `${grouped(above, 0)} / ${grouped(under, 0)}`),
      element("span", "", word("line." + name))));
  }
  if (tile.beside.length) {
    children.push(element("div", "beside", ...tile.beside.map((figure) => {
      const label = element("span", "", `${word(figure.label)} `, element("b", "", shown(figure.denominator === 1 ? "count" : tile.form, figure.value))); // percentiles are whole minutes
      if (figure.reason) label.title = word(figure.reason);
      return label;
    })));
  }
  if (tile.parts.length) children.push(tile.bars ? bars(tile.parts) : parts(tile, name));
  return element("div", "below", ...children);
}

const TITLED = new Set(["unit.customers", "unit.per_customer"]); // the title or the line below says it

function draw(name) {
  const tile = tiles[name];
  const text = shown(tile.form, tile.main.value);
  const undefinedValue = tile.main.value === null;
  const number = element("b", text.length > 6 ? "long" : "", text);
  const minutes = tile.form === "seconds" && text.endsWith("min");
  const unit = undefinedValue || minutes || TITLED.has(tile.unit) ? null : element("span", "", word(tile.unit));
  const basis = tile.main.basis?.startsWith("IEEE") ? tile.main.basis.split(", ")[0] : null; // no index without its rule
  const drawn = tileElement(name); // stays: a click must not be lost because a number changed meanwhile
  drawn.className = `tile${tile.stale ? " stale" : ""}${undefinedValue ? " undefined" : ""}`;
  drawn.title = [tile.main.reason && word(tile.main.reason), tile.main.basis].filter(Boolean).join(" · ");
  drawn.replaceChildren(
    element("h2", "", word(name)),
    element("div", "value", number, unit),
    below(name, tile),
    element("div", "foot",
      element("span", "", `${word("as_of")} ${asOf(tile.current_to)}`),
      element("span", "", basis ?? (tile.kind === "fault" ? word("faults_only") : "")), // an index's title says it
      tile.stale ? element("em", "", word("stale")) : null));
}

function tileElement(name) {
  const found = document.querySelector(`[data-name="${name}"]`);
  if (found) return found;
  const made = element("button", "tile");
  made.type = "button";
  made.dataset.name = name;
  made.addEventListener("click", () => openList(name).catch(() => {}));
  $("board").append(made);
  return made;
}

function take(changed) {
  for (const [name, tile] of Object.entries(changed)) {
    tiles[name] = tile;
    draw(name);
  }
}

// -- the list behind a tile ---------------------------------------------------------------------------------------------

const MINUTES = new Set(["seconds", "customer_seconds"]);

function amount(unit, value, digits) {
  return MINUTES.has(unit) ? grouped(value / 60, digits) : grouped(value, 0);
}

function unitWord(unit) {
  if (unit === "customer_seconds") return language === "zh" ? "户·分钟" : "customer-min";
  return word(`unit.${unit === "seconds" ? "minutes" : unit}`);
}

const moment = (instant) => (instant ? momentFormat.format(new Date(instant)).slice("2026-".length) : "—");

// What the columns of a list are: heading and text of a case; orders, outages and findings have their own.
function columns(list) {
  const order = list.items.some((case_) => case_.kind === "order");
  const found = [
    ["case", (case_) => case_.case],
    ["state", (case_) => word(case_.state)],
    ["region", (case_) => (case_.regions || []).join(", ")],
    ["kind", (case_) => word(case_.outage_kind ?? case_.work_type ?? "")],
    [order ? "reported" : "since", (case_) => moment(case_.started_at ?? case_.report_received_at)],
    [order ? "arrived" : "until", (case_) => moment(case_.restored_at ?? case_.arrived_at)],
  ];
  if (order) found.push(["crew", (case_) => case_.crew ?? "—"]);
  if (list.unit === "findings") found.push(["findings", (case_) => (case_.findings || []).join(", ")]);
  return found;
}

async function openList(name) {
  openTile = name;
  const question = ++asked;
  const answer = await fetch(`/api/v1/tiles/${name}/cases`);
  const list = await answer.json();
  if (!answer.ok || question !== asked || openTile !== name) return;
  showList(list);
  if (!$("list").open) $("list").showModal();
}

function showList(list) {
  const { name, tile } = list; // the tile as it was when the list was made
  const shownColumns = columns(list);
  const tableRow = (cell, texts) => element("tr", "", ...texts.map((text) => element(cell, "", text)));
  $("list-title").textContent = word(name);
  const value = `${shown(tile.form, tile.main.value)} ${tile.main.value === null ? "" : word(tile.unit)}`;
  const line = tile.main.line ? ` (${tile.main.line.map((part) => grouped(part, 0)).join(" / ")})` : "";
  $("list-sum").replaceChildren(`${word("sum")} `, element("b", "", amount(list.unit, list.sum, 0)),
    ` ${unitWord(list.unit)} · ${grouped(list.count, 0)} ${word("entries")} · ${word("tile")} `,
    element("b", "", value + line), ` · ${word("as_of")} ${asOf(tile.main.as_of)}`);
  $("list-head").replaceChildren(
    tableRow("th", [...shownColumns.map(([head]) => word(head)), `${word("amount")} (${unitWord(list.unit)})`]));
  $("list-body").replaceChildren(...list.items.map((case_) =>
    tableRow("td", [...shownColumns.map(([, text]) => text(case_)), amount(list.unit, case_.amount, 1)])));
  const left = list.count - list.items.length;
  $("list-more").textContent = left > 0 ? `+ ${grouped(left, 0)} ${word("more")}` : "";
  $("list-close").textContent = word("close");
}

// -- time and connection ------------------------------------------------------------------------------------------------

function tick() {
  $("clock").textContent = clockFormat.format(new Date(Date.now() + offset));
  const alive = Date.now() - lastMessageAt < 15000; // the server says something every 10 s
  const old = Object.values(tiles).every((tile) => tile.stale); // connected, but nobody counts
  $("link").textContent = word(!alive ? "reconnecting" : old ? "stale" : "live");
  $("link").classList.toggle("down", !alive || old);
  if (!alive) document.querySelectorAll(".tile").forEach((tile) => tile.classList.add("stale"));
}

function listen() {
  const source = new EventSource("/api/v1/events");
  source.addEventListener("tiles", (message) => {
    lastMessageAt = Date.now();
    const changed = JSON.parse(message.data);
    take(changed);
    if (openTile in changed) openList(openTile).catch(() => {}); // the list lives too; without an answer it stays
  });
  source.addEventListener("alive", () => { lastMessageAt = Date.now(); });
  source.onerror = () => {
    lastMessageAt = 0;
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
}

async function begin() {
  const answer = await fetch(`/api/v1/wallboard?lang=${encodeURIComponent(language)}`);
  if (!answer.ok) throw new Error(`wallboard ${answer.status}`);
  const date = answer.headers.get("Date");
  offset = date && Math.abs(new Date(date) - Date.now()) > 2000 ? new Date(date) - Date.now() : 0;
  board = await answer.json();
  const time = { timeZone: board.zone, hourCycle: "h23", hour: "2-digit", minute: "2-digit" };
  clockFormat = new Intl.DateTimeFormat("en-GB", { ...time, second: "2-digit" });
  instantFormat = clockFormat;
  momentFormat = new Intl.DateTimeFormat("sv-SE", { ...time, year: "numeric", month: "2-digit", day: "2-digit" });
  document.documentElement.lang = board.lang;
  document.title = word("title");
  $("title").textContent = word("title");
  $("zone").textContent = board.zone;
  lastMessageAt = Date.now();
  for (const name of board.order) if (board.tiles[name]) take({ [name]: board.tiles[name] });
  tick();
  setInterval(tick, 1000);
  listen();
}

$("list-close").addEventListener("click", () => $("list").close());
$("list").addEventListener("close", () => { openTile = null; });

function start() {
  begin().catch(() => setTimeout(start, 2000)); // the server may not be up yet
}
start();
