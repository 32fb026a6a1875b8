// Suggestions while typing: a combobox with a list box, after the pattern of the W3C's
// ARIA Authoring Practices ("Editable Combobox With List Autocomplete").

const PAUSE = 120; // milliseconds without typing before the server is asked
const MOST = 8;

class Suggestions {
  constructor(form, box) {
    this.form = form;
    this.box = box;
    this.said = form.querySelector("#suggested");
    this.typed = box.value; // what the reader wrote, whatever the arrows put into the box
    this.options = [];
    this.active = -1;
    this.asked = 0;
    this.list = this.makeList();
    this.listen();
  }

  makeList() {
    const list = document.createElement("ul");
    list.className = "options";
    list.id = "options";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.form.dataset.list);
    this.box.parentElement.append(list);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries({ ...roles, "aria-controls": list.id })) {
      this.box.setAttribute(name, value);
    }
    return list;
  }

  listen() {
    const { box, list } = this;
    box.addEventListener("input", (event) => this.onInput(event));
    box.addEventListener("keydown", (event) => this.onKey(event));
    box.addEventListener("blur", () => this.close());
    // The box keeps the focus, so that a touch does not close the list before it chooses.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("li");
      if (option) {
        this.choose([...list.children].indexOf(option));
      }
    });
    this.form.addEventListener("submit", () => this.forget());
    box.addEventListener("paste", (event) => this.onPaste(event));
  }

  onInput(event) {
    this.typed = this.box.value;
    this.box.dir = this.typed ? "auto" : document.documentElement.dir;
    this.forget();
    if (event.isComposing) {
      return; // half a word of an input method
    }
    if (this.typed.trim()) {
      this.timer = setTimeout(() => this.ask(this.typed), PAUSE);
    } else {
      this.close();
    }
  }

  onPaste(event) {
    const pasted = event.clipboardData?.getData("text") ?? "";
    if (pasted.length > this.box.maxLength) {
      this.say(this.form.dataset.long);
    }
  }

  forget() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.asked += 1; // an answer to an earlier question is stale
  }

  async ask(text) {
    const number = this.asked;
    this.request = new AbortController();
    const url = new URL(this.form.dataset.suggest, location.href);
    url.search = new URLSearchParams({ q: text, size: MOST });
    try {
      const answer = await fetch(url, { signal: this.request.signal });
      const found = answer.ok ? (await answer.json()).suggestions : [];
      if (number === this.asked && document.activeElement === this.box) {
        this.show(found);
      }
    } catch {
      if (number === this.asked) {
        this.close(); // searching works without suggestions
      }
    }
  }

  show(found) {
    this.options = found;
    this.active = -1;
    this.list.replaceChildren(...found.map((one, index) => this.row(one, index)));
    this.open(found.length > 0);
    const { none, one, some } = this.form.dataset;
    const told = found.length > 1 ? some.replace("{number}", found.length) : one;
    this.say(found.length ? told : none);
  }

  row(one, index) {
    const row = document.createElement("li");
    row.id = `option-${index}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    // The row runs in the direction of its text, whatever that of the page is.
    row.dir = "auto";
    const what = document.createElement("span");
    what.className = "what";
    what.append(...pieces(one));
    const how = document.createElement("bdi");
    how.className = "how";
    how.textContent = one.kind === "title" ? this.form.dataset.title : one.count.toLocaleString("en");
    row.append(what, how);
    return row;
  }

  onKey(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && this.isOpen()) {
      event.preventDefault();
      this.move(steps[event.key]);
    } else if (event.key === "ArrowDown" && this.box.value.trim()) {
      event.preventDefault();
      this.forget();
      this.ask(this.typed);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && this.isOpen()) {
      event.preventDefault();
      this.box.value = this.typed;
      this.forget();
      this.close();
    }
  }

  // The place before the first and behind the last is the box itself.
  move(step) {
    const places = this.options.length + 1;
    this.select(((this.active + 1 + step + places) % places) - 1);
    this.box.value = this.active < 0 ? this.typed : this.options[this.active].text;
  }

  select(index) {
    this.active = index;
    [...this.list.children].forEach((row, place) => {
      row.setAttribute("aria-selected", String(place === index));
      if (place === index) {
        row.scrollIntoView({ block: "nearest" });
        this.box.setAttribute("aria-activedescendant", row.id);
      }
    });
    if (index < 0) {
      this.box.removeAttribute("aria-activedescendant");
    }
  }

  choose(index) {
    const one = this.options[index];
    this.forget();
    this.close();
    if (one.kind === "title" && one.id) {
      location.assign(this.readerUrl(one));
      return;
    }
    this.box.value = this.typed = one.text;
    this.form.requestSubmit();
  }

  // The document itself, with what was typed marked in it and the way back to its results.
  readerUrl(one) {
    const url = new URL(this.form.dataset.reader, location.href);
    const id = one.id.split("/").map(encodeURIComponent).join("/");
    url.pathname = url.pathname.replace(/-$/, () => id);
    url.search = new URLSearchParams([...new FormData(this.form)].filter(([name]) => name !== "q"));
    url.searchParams.set("q", this.typed);
    return url;
  }

  open(opened) {
    this.list.hidden = !opened;
    this.box.setAttribute("aria-expanded", String(opened));
    this.select(-1);
  }

  close() {
    this.open(false);
    this.say("");
  }

  isOpen() {
    return !this.list.hidden;
  }

  say(sentence) {
    this.said.textContent = sentence;
  }
}

// The text of a suggestion in elements, never as HTML: what was typed, and what is new.
function pieces({ text, ranges }) {
  const found = [];
  let end = 0;
  const add = (piece, name) => {
    if (piece) {
      const element = document.createElement("span");
      element.className = name;
      element.textContent = piece;
      found.push(element);
    }
  };
  for (const { utf16_start: from, utf16_end: to } of ranges ?? []) {
    add(text.slice(end, from), "rest");
    add(text.slice(from, to), "typed");
    end = to;
  }
  add(text.slice(end), "rest");
  return found;
}

export function suggestIn(form, box) {
  return new Suggestions(form, box);
}
