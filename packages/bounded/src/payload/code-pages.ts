/**
 * What the code pages of DOS have at 0x80 to 0xff. Consoles of Windows and older systems send them, and no
 * decoder of the platform knows them. https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/PC/
 */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\xa0';
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
  '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\xad±‗¾¶§÷¸°¨·¹³²■\xa0';

const LABEL = /^(?:cp|ibm)-?(437|850)$/i;

/** The table of a code page; undefined for any other charset. */
export function codePage(label: string): string | undefined {
  const [, number] = LABEL.exec(label) ?? [];
  if (number === undefined) return undefined;
  return number === '437' ? CP437 : CP850;
}

/** Text in a code page, in which each byte is a character. */
export const decodeCodePage = (bytes: Buffer, table: string): string =>
  bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => table[byte.charCodeAt(0) - 0x80] ?? byte);
