import type { ChannelKind } from './channel-kind.js';

/**
 * The longest URL of a button, in characters:
 * https://docs.discord.com/developers/components/reference#button
 */
const LONGEST_URL = 512;

/** A value of Markdown: what would format it is escaped. */
const plain = (text: string): string => text.replace(/[\\*_~`|>#[\]()<-]/g, '\\$&');

const code = (text: string): string => `\`\`\`\n${text.replaceAll('```', "'''")}\n\`\`\``;

/**
 * A webhook of a channel. Discord shows the button of a webhook that no app owns if the request says
 * `with_components`: https://docs.discord.com/developers/resources/webhook#execute-webhook
 */
export const discord: ChannelKind<'discord'> = {
  prepare: ({ url }, { title, text, facts, link }) => ({
    post: {
      url: withComponents(url),
      body: JSON.stringify({
        allowed_mentions: { parse: [] },
        embeds: [
          {
            title: plain(title).slice(0, 256),
            description: [
              plain(text),
              ...facts.map(
                ({ name, value, isCode }) => `**${plain(name)}:** ${isCode ? code(value) : plain(value)}`,
              ),
            ]
              .filter((line) => line !== '')
              .join('\n')
              .slice(0, 4_096),
            ...(link && { url: link.url }),
          },
        ],
        ...(link &&
          link.url.length <= LONGEST_URL && {
            components: [{ type: 1, components: [{ type: 2, style: 5, label: link.label, url: link.url }] }],
          }),
      }),
    },
  }),
};

function withComponents(text: string): string {
  const url = new URL(text);
  url.searchParams.set('with_components', 'true');
  return url.href;
}
