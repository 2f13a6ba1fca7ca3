// Keeps the page current: the server says that something changed, the page asks for its content
// anew and replaces the parts that differ. Without the stream it asks every two seconds.
const content = document.getElementById('content');
const connection = document.getElementById('connection');
const language = document.documentElement.lang;
const POLL_MS = 2000;

let running = false;
let again = false;
let poll = 0;

function say(live) {
  const text = live ? connection.dataset.live : connection.dataset.lost;
  // Only when it changes: a live region is read aloud each time that it is written.
  if (connection.textContent !== text) {
    connection.textContent = text;
  }
  connection.classList.toggle('lost', !live);
}

function replaceChanged(html) {
  const next = new DOMParser().parseFromString(`<main>${html}</main>`, 'text/html').querySelector('main');
  for (const part of next.querySelectorAll(':scope > [id]')) {
    const current = document.getElementById(part.id);
    if (!current) {
      content.append(document.importNode(part, true));
      continue;
    }
    if (current.outerHTML === part.outerHTML) {
      continue;
    }
    const scroll = current.querySelector('.scroll')?.scrollLeft ?? 0;
    const focused = current.contains(document.activeElement) ? document.activeElement : null;
    const href = focused?.getAttribute('href');
    current.replaceWith(document.importNode(part, true));
    const placed = document.getElementById(part.id);
    const scroller = placed.querySelector('.scroll');
    if (scroller) {
      scroller.scrollLeft = scroll;
    }
    if (focused) {
      const target = href ? placed.querySelector(`a[href="${CSS.escape(href)}"]`) : scroller;
      target?.focus({ preventScroll: true });
    }
  }
}

async function refresh() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    do {
      again = false;
      const response = await fetch(`/fragment?lang=${language}`, { cache: 'no-cache' });
      if (response.status === 401) {
        location.assign('/login');
        return;
      }
      if (!response.ok) {
        throw new Error(`${response.status}`);
      }
      replaceChanged(await response.text());
      say(true);
    } while (again);
  } catch {
    say(false);
  } finally {
    running = false;
  }
}

function startPolling() {
  if (!poll) {
    poll = setInterval(refresh, POLL_MS);
  }
}

function stopPolling() {
  clearInterval(poll);
  poll = 0;
}

function follow() {
  const events = new EventSource('/api/events');
  events.addEventListener('change', () => {
    stopPolling();
    refresh();
  });
  events.addEventListener('open', () => say(true));
  events.addEventListener('error', () => {
    // The browser connects again by itself, unless it was refused: then polling finds out why.
    startPolling();
    if (events.readyState === EventSource.CLOSED) {
      setTimeout(follow, 10 * POLL_MS);
    }
  });
}

follow();
