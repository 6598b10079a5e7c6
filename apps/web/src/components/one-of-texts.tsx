import classes from './one-of-texts.module.css';

interface OneOfTextsProps {
  shown: string;
  /** All texts that may be shown. */
  texts: readonly string[];
}

/**
 * A text that changes while a page is open. It reserves the space of the longest text in any font, so nothing
 * around it moves.
 */
export function OneOfTexts({ shown, texts }: OneOfTextsProps) {
  const [longest] = [...texts].sort((a, b) => b.length - a.length);
  return (
    <span className={classes.texts} data-longest={longest}>
      <span className={classes.text}>{shown}</span>
    </span>
  );
}
