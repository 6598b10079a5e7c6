import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** The user that the sender has signed in as; undefined if it has not. */
  user: string | undefined;
  /** The message with its headers. */
  text: string;
}

/** A mail server of this machine that keeps what it gets. */
export interface MailServer {
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** Refuses the next mails with this answer. */
  refuse(times: number): void;
  close(): Promise<void>;
}

/** Starts an SMTP server without TLS. It accepts the password `secret-of-smtp` of any user. */
export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let refused = 0;
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      password === 'secret-of-smtp' ? done(null, { user: username ?? '' }) : done(new Error('no such user')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refused > 0) {
          refused--;
          return done(Object.assign(new Error('try again later'), { responseCode: 451 }));
        }
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user as string | undefined,
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuse: (times) => {
      refused = times;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
