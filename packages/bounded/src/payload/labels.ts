/** Labels of Java, MySQL, Python and .NET that the standard does not have, and its label for each. */
const OTHER_LABELS = new Map([
  ['utf8mb3', 'utf-8'],
  ['utf8mb4', 'utf-8'],
  ['utf16', 'utf-16'],
  ['utf16le', 'utf-16le'],
  ['utf16be', 'utf-16be'],
  ['latin-1', 'iso-8859-1'],
  ['latin-2', 'iso-8859-2'],
  ['mac-roman', 'macintosh'],
  ['macroman', 'macintosh'],
  ['cp874', 'windows-874'],
  ['cp932', 'shift_jis'],
  ['sjis', 'shift_jis'],
  ['cp936', 'gbk'],
  ['ms936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['ms949', 'euc-kr'],
  ['cp950', 'big5'],
  ['ms950', 'big5'],
]);

/** Another label for a charset: without the underscores of `ISO8859_1`, and in the standard's words. */
export function otherLabel(label: string): string {
  const dashed = label.replaceAll('_', '-');
  return OTHER_LABELS.get(dashed.toLowerCase()) ?? dashed;
}
