import { Code } from '@mantine/core';

/** A description from the api, with text in backticks shown as code. */
export function Described({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    // Every second part stands between backticks, and parts have no identity but their place.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    index % 2 === 1 ? <Code key={index}>{part}</Code> : part,
  );
}
