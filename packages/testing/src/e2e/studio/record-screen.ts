import type { Browser, BrowserContext, Page } from 'playwright-core';

/** A picture of the page (JPEG, base64), and when it was taken, in ms after the first one. */
interface Frame {
  ms: number;
  jpeg: string;
}

/** A dot that follows the pointer, which pictures of a page do not have. */
const POINTER = `addEventListener('mousemove', ({ clientX, clientY }) => {
  const dot = globalThis.tourDot ??= document.documentElement.appendChild(document.createElement('div'));
  Object.assign(dot.style, {
    position: 'fixed', zIndex: 99999, width: '18px', height: '18px', borderRadius: '50%', pointerEvents: 'none',
    background: 'rgba(250, 82, 82, 0.75)', boxShadow: '0 0 0 3px rgba(250, 82, 82, 0.25)',
    left: clientX - 9 + 'px', top: clientY - 9 + 'px',
  });
}, true)`;

/** Takes a picture of a page whenever it changes, until it is stopped. */
export async function recordScreen(
  context: BrowserContext,
  page: Page,
): Promise<{ stop: () => Promise<Frame[]> }> {
  await page.evaluate(POINTER);
  const session = await context.newCDPSession(page);
  const frames: Frame[] = [];
  let first: number | undefined;
  session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    const at = (metadata.timestamp ?? 0) * 1000;
    first ??= at;
    frames.push({ ms: at - first, jpeg: data });
    void session.send('Page.screencastFrameAck', { sessionId });
  });
  await session.send('Page.startScreencast', { format: 'jpeg', quality: 85 });
  return {
    stop: async () => {
      await session.send('Page.stopScreencast');
      return withoutWaits(frames);
    },
  };
}

/** A longer time without any change is cut, in ms: the machine was busy, or the viewer has read all. */
const MOST_STILL_MS = 1_000;
/** How long the whole takes at most, in ms. */
const MOST_MS = 30_000;

/** The same pictures without long waits, and faster if there are still too many. */
function withoutWaits(frames: readonly Frame[]): Frame[] {
  let ms = 0;
  const shorter = frames.map((frame, nth) => {
    ms += Math.min(MOST_STILL_MS, frame.ms - (frames[nth - 1]?.ms ?? 0));
    return { ...frame, ms };
  });
  const pace = Math.min(1, MOST_MS / Math.max(1, ms));
  return shorter.map((frame) => ({ ...frame, ms: frame.ms * pace }));
}

/** Plays pictures on a canvas, and records that. Runs in a page; `tour` holds the pictures. */
const PLAY = `async ({ width, height, bitsPerSecond }) => {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const surface = canvas.getContext('2d');
  const draw = async ({ jpeg }) => {
    const bytes = Uint8Array.from(atob(jpeg), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
    surface.drawImage(picture, 0, 0, width, height);
    picture.close();
  };
  const recorder = new MediaRecorder(canvas.captureStream(25), {
    mimeType: 'video/webm;codecs=vp9', videoBitsPerSecond: bitsPerSecond,
  });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  await draw(tour[0]);
  recorder.start();
  const begun = performance.now();
  for (const frame of tour) {
    const left = frame.ms - (performance.now() - begun);
    if (left > 0) await new Promise((done) => setTimeout(done, left));
    await draw(frame);
  }
  await new Promise((done) => setTimeout(done, 500));
  await new Promise((done) => { recorder.onstop = done; recorder.stop(); });
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}`;

/** How many pictures are passed to the page at once. */
const AT_ONCE = 20;
const BITS_PER_SECOND = 550_000;

/** Encodes pictures as a WebM video, in a page of the browser, which has the encoder. */
export async function encodeVideo(
  browser: Browser,
  frames: readonly Frame[],
  size: { width: number; height: number },
): Promise<Buffer> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.evaluate('globalThis.tour = []; undefined');
  for (let from = 0; from < frames.length; from += AT_ONCE)
    await page.evaluate(`tour.push(...${JSON.stringify(frames.slice(from, from + AT_ONCE))}); undefined`);
  const video = await page.evaluate<string>(
    `(${PLAY})(${JSON.stringify({ ...size, bitsPerSecond: BITS_PER_SECOND })})`,
  );
  await context.close();
  return Buffer.from(video, 'base64');
}
