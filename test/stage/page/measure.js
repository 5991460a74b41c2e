// Measures a page in frames of several widths, and says in lines what is wrong:
// text that meets other text, a mark or the edge of its picture, cells and pages
// that are wider than their place, ids that come twice, and faint colours.
"use strict";

// Height by which lines of text may share a place: glyphs do not fill their boxes.
const LINE_GAP = 4;
const found = [];

function box(element) {
	return element.getBoundingClientRect();
}

function isShown(element) {
	const b = box(element);
	return b.width > 0 && b.height > 0 && (!element.checkVisibility || element.checkVisibility());
}

function overlap(a, b, gap) {
	return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
		Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > gap;
}

function words(element) {
	const title = element.querySelector("title");
	return (title ? element.lastChild.textContent : element.textContent).slice(0, 40);
}

function checkTexts(say, picture, texts) {
	const b = box(picture);
	texts.forEach((text, i) => {
		const t = box(text);
		if (t.left < b.left - 1 || t.right > b.right + 1 || t.top < b.top - 2 || t.bottom > b.bottom + 2)
			say(`"${words(text)}" leaves its picture`);
		for (const other of texts.slice(i + 1)) {
			if (overlap(t, box(other), LINE_GAP))
				say(`"${words(text)}" meets "${words(other)}"`);
		}
	});
}

// Shapes that stand for a value, but cells and frames, which hold their text.
function checkMarks(say, picture, texts) {
	const marks = [...picture.querySelectorAll("circle[data-v], rect.bar, rect.pos, rect.neg")].filter(isShown);
	for (const text of texts) {
		for (const mark of marks) {
			if (overlap(box(text), box(mark), 3.5))
				say(`"${words(text)}" meets a mark`);
		}
	}
}

function checkPictures(say, page) {
	for (const picture of page.querySelectorAll("svg[role=img]")) {
		if (!isShown(picture))
			continue;
		const texts = [...picture.querySelectorAll("text")].filter(isShown);
		checkTexts(say, picture, texts);
		checkMarks(say, picture, texts);
		for (const text of texts) {
			const size = parseFloat(getComputedStyle(text).fontSize) * box(picture).width / picture.viewBox.baseVal.width;
			if (size < 9.4)
				say(`"${words(text)}" is written in ${size.toFixed(1)} px`);
		}
	}
}

// What only those read who do not see the page.
function isClipped(element) {
	const holder = element.closest(".vh, thead") || element;
	return box(holder).width <= 2;
}

function checkPage(say, page) {
	const root = page.documentElement;
	if (root.scrollWidth > root.clientWidth)
		say(`the page is ${root.scrollWidth} wide`);
	for (const cell of page.querySelectorAll("td, th, dd, li, p, h1, h2")) {
		if (isShown(cell) && !isClipped(cell) && cell.scrollWidth > cell.clientWidth + 1)
			say(`"${cell.textContent.slice(0, 40)}" is wider than its place`);
	}
	const ids = new Set();
	for (const element of page.querySelectorAll("[id]")) {
		if (ids.has(element.id))
			say(`id ${element.id} comes twice`);
		ids.add(element.id);
	}
	for (const link of page.querySelectorAll("a[href]")) {
		if (!ids.has(link.getAttribute("href").slice(1)))
			say(`a link leads to ${link.getAttribute("href")}`);
	}
}

function luminance(colour) {
	const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map((part) => {
		const c = part / 255;
		return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
	const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (high + 0.05) / (low + 0.05);
}

// The colours as they are in this theme: text on what it stands on, and marks.
function checkContrast(say, page) {
	const probe = page.body.appendChild(page.createElement("span"));
	const colour = (name) => {
		probe.style.color = `var(--${name})`;
		return getComputedStyle(probe).color;
	};
	const wanted = [["ink", "page", 7], ["mut", "page", 4.5], ["green", "page", 4.5], ["amber", "page", 4.5],
		["red", "page", 4.5], ["link", "page", 4.5], ["ink", "b3", 4.5], ["ink", "b2", 4.5], ["ink", "b1", 4.5],
		["mut", "b1", 4.5], ["green", "b1", 4.5], ["amber", "b1", 4.5], ["red", "b1", 4.5], ["ink", "fr", 4.5],
		["ink", "fa", 4.5], ["ink", "fg", 4.5], ["ink", "h4", 4.5],
		["bar", "page", 3], ["bar", "b3", 3], ["pos", "page", 3], ["neg", "page", 3]];
	for (const [front, back, least] of wanted) {
		const is = contrast(colour(front), colour(back));
		if (is < least)
			say(`${front} on ${back} has a contrast of ${is.toFixed(2)}, below ${least}`);
	}
	probe.remove();
}

function load(source, width) {
	return new Promise((done) => {
		const frame = document.createElement("iframe");
		frame.style.cssText = `border:0;width:${width}px;height:900px`;
		frame.onload = () => done(frame);
		frame.srcdoc = source;
		document.body.append(frame);
	});
}

async function measurePage(name, source, widths) {
	for (const width of widths) {
		const frame = await load(source, width);
		const page = frame.contentDocument;
		const say = (what) => found.push(`${name} ${width}: ${what}`);
		checkPage(say, page);
		checkPictures(say, page);
		checkContrast(say, page);
		found.push(`${name} ${width}: measured`);
		frame.remove();
	}
}

// pages: by name, in base64
async function measure(pages, widths) {
	for (const [name, source] of Object.entries(pages))
		await measurePage(name, new TextDecoder().decode(Uint8Array.from(atob(source), (c) => c.charCodeAt(0))), widths);
	document.body.textContent = "";
	document.body.appendChild(document.createElement("pre")).textContent = "\nBEGIN\n" + found.join("\n") + "\nEND\n";
}
