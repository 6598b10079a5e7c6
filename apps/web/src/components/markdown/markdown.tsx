import { Anchor, Blockquote, Box, Code, Divider, List, Table, Text } from '@mantine/core';
import { Fragment, useMemo } from 'react';
import { OutsideText } from '../outside-text.js';
import { type Block, blocksOf } from './blocks.js';
import { inlinesOf, isWebUrl } from './inline.js';
import classes from './markdown.module.css';

/** How much of a text is formatted, in characters. */
const MOST = 100_000;

/**
 * A text from outside as Markdown: without raw HTML, without pictures, which would be loaded from elsewhere,
 * and with links to web pages alone, whose address is shown.
 */
export default function Markdown({ text, what }: { text: string; what: string }) {
  const blocks = useMemo(() => blocksOf(text.slice(0, MOST)), [text]);
  return (
    <Box className={classes.markdown} role="region" aria-label={what} tabIndex={0}>
      {inOrder(blocks)}
      {text.length > MOST && (
        <Text size="xs" c="dimmed">
          This is the beginning. The text has all of it.
        </Text>
      )}
    </Box>
  );
}

const inOrder = (blocks: readonly Block[]) =>
  blocks.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no identity but their place
    <Fragment key={index}>{shown(block)}</Fragment>
  ));

function shown(block: Block) {
  switch (block.kind) {
    case 'heading':
      return (
        <Text fw={650} fz={block.level < 3 ? 'lg' : 'md'}>
          <Line text={block.text} />
        </Text>
      );
    case 'text':
      return (
        <Text size="sm" className={classes.lines}>
          <Line text={block.text} />
        </Text>
      );
    case 'code':
      return (
        <Code block className={classes.code}>
          <OutsideText text={block.text} />
        </Code>
      );
    case 'quote':
      return <Blockquote p="xs">{inOrder(block.blocks)}</Blockquote>;
    case 'list':
      return (
        <List size="sm" type={block.isOrdered ? 'ordered' : 'unordered'} start={block.start}>
          {block.items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <List.Item key={index}>{inOrder(item)}</List.Item>
          ))}
        </List>
      );
    case 'table':
      return (
        <Table.ScrollContainer minWidth={0}>
          <Table withTableBorder>
            <Table.Thead>
              <Table.Tr>{cells(block.head, Table.Th)}</Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {block.rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <Table.Tr key={index}>{cells(row, Table.Td)}</Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      );
    case 'rule':
      return <Divider />;
  }
}

const cells = (texts: readonly string[], Cell: typeof Table.Th | typeof Table.Td) =>
  texts.map((text, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <Cell key={index}>
      <Line text={text} />
    </Cell>
  ));

const TAGS = { strong: 'strong', em: 'em', struck: 's', code: 'code', text: 'span' } as const;

/** A line. Its parts may have parts of other kinds, so the depth is bounded by the number of kinds. */
function Line({ text }: { text: string }) {
  return inlinesOf(text).map((part, index) => {
    const key = index;
    if (part.kind === 'image') {
      return (
        <span key={key}>
          [picture: <OutsideText text={`${part.text} ${part.url}`} />]
        </span>
      );
    }
    if (part.kind === 'link') {
      if (!isWebUrl(part.url)) return <OutsideText key={key} text={`${part.text} (${part.url})`} />;
      return (
        <Anchor key={key} href={part.url} title={part.url} target="_blank" rel="noreferrer noopener" inherit>
          <Line text={part.text} />
        </Anchor>
      );
    }
    const Tag = TAGS[part.kind];
    const isLeaf = part.kind === 'text' || part.kind === 'code';
    return <Tag key={key}>{isLeaf ? <OutsideText text={part.text} /> : <Line text={part.text} />}</Tag>;
  });
}
