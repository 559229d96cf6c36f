// What nosale's status says, in a sentence.

/** @import { Purpose, Status } from "../../../nosale" */

/** What an opt-out of sale or sharing covers; the other purposes are told apart. */
const MAIN = ['sale', 'sharing', 'targeted_advertising'];

/** @type {Record<string, string>} */
const REASONS = {
  gpc: 'your browser sends Global Privacy Control',
  choice: 'you chose so here',
  account: 'your account says so',
  earlier_signal: 'your browser sent Global Privacy Control on an earlier visit',
  child: 'you are known to be under 16',
  opt_in_law: 'the law asks for an opt-in first',
  unreadable_record: 'the stored choice can’t be read, so the cautious answer holds',
};

/**
 * @typedef {object} Reading
 * @property {"out" | "partly" | "in" | "missing"} state
 * @property {string} headline
 * @property {string[]} sentences
 */

/**
 * @param {Status | undefined} status
 * @returns {Reading}
 */
export function read(status) {
  if (!status) {
    return {
      state: 'missing',
      headline: 'nosale isn’t on this page',
      sentences: [
        'Its script is missing or was blocked. Inert tags stay inert, as they should; nothing holds what scripts load.',
      ],
    };
  }
  const purposes = /** @type {Purpose[]} */ (Object.keys(status.purposes));
  const denied = purposes.filter((name) => !status.purposes[name].allowed);
  const main = denied.filter((name) => MAIN.includes(name));
  /** @type {Reading["state"]} */
  const state = main.length === 0 ? 'in' : main.length < MAIN.length ? 'partly' : 'out';
  const headline = { out: 'Opted out', partly: 'Opted out in part', in: 'Not opted out' }[state];
  const sentences = state === 'in' ? ['Nothing says no to sale, sharing or targeted advertising: tags may run.'] : [];

  /** @type {Map<string, string[]>} */
  const byReason = new Map();
  for (const name of denied) {
    const { because } = status.purposes[name];
    byReason.set(because, [...(byReason.get(because) ?? []), name.replaceAll('_', ' ')]);
  }
  for (const [because, names] of byReason) {
    const list = new Intl.ListFormat('en').format(names);
    const verb = names.length > 1 ? 'are' : 'is';
    sentences.push(`${list[0]?.toUpperCase()}${list.slice(1)} ${verb} denied because ${REASONS[because] ?? because}.`);
  }
  return { state, headline, sentences };
}

/**
 * The signal, the record and the gate, as pairs of name and value.
 * @param {Status | undefined} status
 * @returns {[string, string][]}
 */
export function facts(status) {
  /** @type {[string, string][]} */
  const pairs = [];
  if (status) {
    const { gpc } = status.signals;
    pairs.push(
      ['Browser’s signal', gpc === null ? 'none: it doesn’t know the signal' : gpc ? 'on' : 'off'],
      ['Law', status.jurisdiction],
      ['Your choice here', choice(status)],
      ['Gate', `${status.gate.active ? 'up' : 'not needed'}, ${status.gate.mode}; ${status.gate.blocked} held`],
      ['Ad systems read', `${status.gpp} and ${status.usp}`],
      ['Reports waiting', String(status.reports.pending)],
    );
  }
  const names = document.cookie.split('; ').map((cookie) => cookie.split('=')[0]);
  pairs.push(['Cookies here', names.filter(Boolean).join(', ') || 'none']);
  return pairs;
}

/**
 * @param {Status} status
 */
function choice(status) {
  const choices = Object.entries(status.record?.choices ?? {});
  /** @param {string} way */
  const named = (way) => choices.filter(([, how]) => how === way).map(([name]) => name.replaceAll('_', ' '));
  const parts = [
    ['out of', named('out')],
    ['in to', named('in')],
  ].flatMap(([way, names]) => (names?.length ? [`${way} ${[...names].join(', ')}`] : []));
  return parts.join('; ') || 'none yet';
}
