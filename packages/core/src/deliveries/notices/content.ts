import { type AlertPayload, iso } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { alertContent } from './alert-content.js';
import { askContent } from './ask-content.js';
import type { Content, Untold } from './told.js';

/** What a delivery tells, as its entry stores it. */
export type NoticeAbout =
  | { kind: 'test'; name: string }
  | { kind: 'ask'; task: string; place: string }
  | { kind: 'alert'; task: string | null; payload: AlertPayload };

/**
 * What a delivery tells now.
 *
 * @param json a NoticeAbout
 * @param publicUrl the URL of the api
 */
export async function contentOf(
  ctx: Context,
  shard: number,
  json: string,
  publicUrl: () => Promise<string>,
): Promise<Content | Untold> {
  const about = JSON.parse(json) as NoticeAbout;
  switch (about.kind) {
    case 'test':
      return testContent(about.name, iso(ctx.now()), await publicUrl());
    case 'ask':
      return await askContent(ctx, shard, about, publicUrl);
    case 'alert':
      return alertContent(about.payload, await publicUrl());
  }
}

function testContent(name: string, timestamp: string, base: string): Content {
  const event = { type: 'test', timestamp, data: { channel: name } };
  return {
    message: {
      title: 'AgentHook: a test',
      text: `This message shows that the notify channel "${name}" works.`,
      facts: [],
      link: { label: 'Open the Studio', url: base },
      event,
    },
    forCallback: event,
    isTest: true,
  };
}
