import type { ChannelKind } from './channel-kind.js';

/** How Slack wants control characters: https://docs.slack.dev/messaging/formatting-message-text */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A text in a code block, which three backticks would end. */
const code = (text: string): string => `\`\`\`${escaped(text).replaceAll('```', "'''")}\`\`\``;

/** The longest header, in characters: https://docs.slack.dev/reference/block-kit/blocks/header-block */
const LONGEST_HEADER = 150;
/**
 * The longest URL of a button, in characters:
 * https://docs.slack.dev/reference/block-kit/block-elements/button-element
 */
const LONGEST_URL = 3_000;

/** An incoming webhook. Its button is a link: nothing that previews it can decide. */
export const slack: ChannelKind<'slack'> = {
  prepare: ({ url }, { title, text, facts, link }) => ({
    post: {
      url,
      body: JSON.stringify({
        text: escaped(title),
        unfurl_links: false,
        unfurl_media: false,
        blocks: [
          {
            type: 'header',
            text: { type: 'plain_text', text: title.slice(0, LONGEST_HEADER), emoji: false },
          },
          ...(text ? [section(escaped(text))] : []),
          ...facts.map(({ name, value, isCode }) =>
            section(`*${escaped(name)}:*${isCode ? `\n${code(value)}` : ` ${escaped(value)}`}`),
          ),
          ...(link && link.url.length <= LONGEST_URL
            ? [
                {
                  type: 'actions',
                  elements: [
                    {
                      type: 'button',
                      text: { type: 'plain_text', text: link.label },
                      url: link.url,
                      style: 'primary',
                    },
                  ],
                },
              ]
            : []),
        ],
      }),
    },
  }),
};

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } });
