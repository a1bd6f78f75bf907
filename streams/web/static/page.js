// What every part of the page needs: elements, messages in the page's language, numbers and instants as people read them.

export const $ = (id) => document.getElementById(id);
export const state = { board: null, tiles: {}, scenes: null, offset: 0 }; // the last state from the server
export const now = () => Date.now() + state.offset; // by the server's clock, in milliseconds

export const word = (key) => state.board.texts[key] ?? key;
export const known = (key) => key in state.board.texts;
export const inWords = (texts) => texts?.[state.board.lang] ?? "";

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function grouped(text, digits) {
  return Number(text).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

// Whom findings put in question, as a sign with a number; nothing where there are none.
export function sign(findings) {
  if (findings.length === 0) return null;
  const customers = findings.reduce((sum, finding) => sum + finding.customers, 0);
  const number = customers ? `${grouped(customers, 0)} ${word("unit.customers")} ` : "";
  const made = element("span", "question", `⚠ ${number}${word("in_question")}`);
  made.title = findings.map(explained).join("\n");
  return made;
}

export function explained({ rule, cases, customers }) {
  const numbers = [customers ? `${grouped(customers, 0)} ${word("unit.customers")}` : "", cases ? `${grouped(cases, 0)} ${word("entries")}` : ""];
  return [word(`finding.${rule}`), ...numbers.filter(Boolean)].join(" · ");
}

// A decimal text with its own decimals.
export const plain = (text) => grouped(text, (String(text).split(".")[1] ?? "").length);

function percent(number) {
  if (number >= 1 || number < 0.99) return grouped(100 * number, number === 1 ? 0 : 1);
  return grouped(Math.floor(10000 * number) / 100, 2); // the last hundredth counts there, and only all is 100
}

export function shown(form, value) {
  if (value === null || value === undefined) return "—";
  const number = Number(value);
  switch (form) {
    case "count": return grouped(value, 0);
    case "minutes": return grouped(value, number < 100 ? 1 : 0);
    case "percent": return percent(number);
    case "index": return grouped(value, number >= 100 ? 1 : number >= 1 ? 2 : 3);
    case "seconds": return number < 600 ? grouped(value, 0) : `${grouped(number / 60, 0)} min`;
  }
  return String(value);
}

let clockFormat, momentFormat;

export function setZone(zone) {
  const time = { timeZone: zone, hourCycle: "h23", hour: "2-digit", minute: "2-digit" };
  clockFormat = new Intl.DateTimeFormat("en-GB", { ...time, second: "2-digit" });
  momentFormat = new Intl.DateTimeFormat("sv-SE", { ...time, year: "numeric", month: "2-digit", day: "2-digit" });
}

export const clock = (instant) => (instant ? clockFormat.format(new Date(instant)) : "—");
export const moment = (instant) => (instant ? momentFormat.format(new Date(instant)).slice("2026-".length) : "—");
