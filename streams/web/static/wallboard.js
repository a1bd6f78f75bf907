// The wallboard: the page requests messages and tiles once, then receives changes as server-sent events.

import * as list from "./list.js";
import { $, clock, now, setZone, state, word } from "./page.js";
import { showDemo } from "./story.js";
import { fitAll, take } from "./tiles.js";
import * as views from "./views.js";

const asked = new URLSearchParams(location.search).getAll("lang").map((tag) => ["lang", tag]);
let lastMessageAt = 0;

function tick() {
  $("clock").textContent = clock(now());
  const alive = Date.now() - lastMessageAt < 15000; // the server sends a message every 10 s
  list.tick();
  const old = Object.values(state.tiles).every((tile) => tile.stale); // connected, but nobody counts
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
    list.follow(changed);
  });
  source.addEventListener("story", (message) => {
    state.scenes = JSON.parse(message.data);
    showDemo();
  });
  source.addEventListener("alive", () => { lastMessageAt = Date.now(); });
  source.onerror = () => {
    lastMessageAt = 0;
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
}

async function begin() {
  const answer = await fetch(`/api/v1/wallboard?${new URLSearchParams(asked)}`);
  if (!answer.ok) throw new Error((await answer.json()).detail ?? answer.status);
  const date = answer.headers.get("Date");
  state.offset = date && Math.abs(new Date(date) - Date.now()) > 2000 ? new Date(date) - Date.now() : 0;
  state.board = await answer.json();
  state.scenes = state.board.scenes;
  setZone(state.board.zone);
  document.documentElement.lang = state.board.lang;
  document.title = word("title");
  $("title").textContent = word("title");
  $("zone").textContent = state.board.zone;
  lastMessageAt = Date.now();
  take(state.board.tiles);
  list.begin();
  views.begin();
  showDemo();
  tick();
  setInterval(tick, 1000);
  new ResizeObserver(fitAll).observe($("board"));
  listen();
}

function start() {
  begin().catch((error) => { // the server may not be up yet; until then the page shows the error
    $("zone").textContent = error.message;
    setTimeout(start, 2000);
  });
}
start();
