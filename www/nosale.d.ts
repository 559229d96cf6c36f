// The types of nosale's JavaScript interface. `tests/data/types.ts`, which a test writes from the
// Rust types, must compile against this file.

/** A use of personal data that can be opted out of. */
export type Purpose = 'sale' | 'sharing' | 'targeted_advertising' | 'profiling' | 'sensitive_data';

/** The law that applies. `US` is the national approach, the strictest common denominator. */
export type Jurisdiction =
  | `US-${'CA' | 'CO' | 'CT' | 'TX' | 'MT' | 'NE' | 'NH' | 'NJ' | 'MN' | 'MD' | 'DE' | 'OR'}`
  | `US-${'VA' | 'UT' | 'FL' | 'IA' | 'TN' | 'IN' | 'KY' | 'RI'}`
  | 'US'
  | 'none';

/** What the publisher knows of the visitor's age. */
export type Age = 'adult' | '13to15' | 'under13';

/** Why a purpose is permitted or denied. */
export type Reason =
  | 'gpc'
  | 'choice'
  | 'account'
  | 'earlier_signal'
  | 'consent'
  | 'child'
  | 'opt_in_law'
  | 'unreadable_record'
  /** Not decided yet: WebAssembly is missing, and nosale.fallback.js is on its way. */
  | 'starting'
  | 'default';

/** What holds for a purpose. */
export interface Ruling {
  allowed: boolean;
  because: Reason;
}

/** The signals of one moment. */
export interface Signals {
  /** Global Privacy Control; null where the browser does not know it. */
  gpc: boolean | null;
  /** Whether the visitor's account is opted out of anything. */
  account: boolean;
  age: Age | null;
  /** Whether Global Privacy Control was on at an earlier visit and is absent now. */
  earlierSignal: boolean;
}

/** What is stored on the visitor's device. */
export interface RecordStatus {
  /** When the visitor last chose, in seconds since the Unix epoch; null before the first choice. */
  time: number | null;
  choices: { [purpose in Purpose]?: 'out' | 'in' };
  /** Since when a signal is honoured, in seconds since the Unix epoch. */
  signalSince: number | null;
}

/** What shows that nosale started too late to hold everything back. */
export interface Late {
  why: ('async' | 'defer' | 'not_first' | 'after_parse' | 'requests')[];
  /** Requests to denied vendors that left before nosale ran; `startTime` in milliseconds since navigation. */
  requests: { url: string; vendor: string; startTime: number }[];
}

/** The state of everything at one moment. */
export interface Status {
  version: string;
  revision: number;
  jurisdiction: Jurisdiction;
  jurisdictionFrom: 'config' | 'context' | 'server_timing' | 'default';
  late: Late | null;
  signals: Signals;
  purposes: { [purpose in Purpose]: Ruling };
  record: RecordStatus | null;
  /**
   * What the gate does. `mode` is `listed` where `strict` cannot be. With `reload`, something that is
   * permitted now starts only when the page is loaded again: a policy of strict mode cannot be taken back.
   */
  gate: { mode: 'inert' | 'listed' | 'strict'; active: boolean; engine: 'wasm' | 'js'; blocked: number; reload: boolean };
  /** The GPP string that `__gpp` tells, another tool's sections included. */
  gpp: string;
  /** The numbers of the sections in force; `[-1]` if none is. */
  gppSections: number[];
  /** The US Privacy string that `__uspapi` tells. */
  usp: string;
  reports: { pending: number; parked: number; dropped: number; tokensRefused: number; lastError: string | null };
}

/** A report's data: what was asked, and what holds since. */
export interface ReportData {
  /** `signal_end`: a signal of an earlier visit is absent; `link`: the state was linked to an account. Neither asks. */
  kind: 'opt_out' | 'opt_in' | 'limit' | 'signal_end' | 'link';
  how: 'signal' | 'dialog' | 'link' | 'api' | 'account';
  purposes: { [purpose in Purpose]: Ruling & { before: boolean } };
  signals: Signals;
  jurisdiction: Jurisdiction;
  /** The GPP string of nosale's own sections. */
  gpp: string;
  usp: string;
  revision: number;
  module: string;
  vendors: { [name: string]: 'blocked' | 'restricted' | 'allowed' };
  page: string;
  account?: string;
  /** What an opt-in asks the account to allow again; it stays denied until the page says so. */
  lifts?: Purpose[];
}

/** What is sent to the endpoint: a CloudEvents 1.0 event. */
export interface ReportEvent {
  specversion: '1.0';
  /** A UUID; the receipt number. */
  id: string;
  /** The page's origin. */
  source: string;
  type: 'nosale.choice' | 'nosale.signal' | 'nosale.link';
  /** RFC 3339. */
  time: string;
  datacontenttype: 'application/json';
  /** How many events before this one were left out because the queue was full. */
  dropped?: number;
  /** The token by which the publisher's server vouches for the account. */
  accounttoken?: string;
  data: ReportData;
}

/** What a form of the dialog asks of the company, for what it holds outside this browser. */
export interface RequestData {
  kind: 'opt_out_elsewhere' | 'contact';
  how: 'dialog';
  jurisdiction: Jurisdiction;
  revision: number;
  module: string;
  page: string;
  account?: string;
  /** By which the company knows who asks; absent from contact wishes where the page named an account. */
  email?: string;
  /** How often at most the company may write or speak to the visitor; a way that is absent was left open. */
  contacts?: { [way in 'email' | 'post' | 'phone' | 'text']?: 'never' | 'monthly' | 'weekly' | 'any' };
}

/** What is sent of it: at once, and never kept in the browser. */
export interface RequestEvent extends Omit<ReportEvent, 'type' | 'data' | 'dropped' | 'accounttoken'> {
  type: 'nosale.request';
  data: RequestData;
}

/** What the visitor may keep of a choice. `id` is the receipt number. */
export interface Receipt extends ReportData {
  id: string;
  /** RFC 3339. */
  time: string;
}

/** What a page learns late about its visitor. What is absent stays as it was. */
export interface Context {
  jurisdiction?: Jurisdiction | (string & {});
  account?: { optOut?: boolean | Purpose[]; optedOut?: boolean | Purpose[]; id?: string; parentalConsent?: boolean };
  age?: Age;
  /** The same as `age`. */
  ageBand?: Age;
}

/** The detail of `nosale:blocked`. */
export interface Blocked {
  url: string;
  host: string;
  vendor: string;
  purposes: Purpose[];
  /** How it would have left: `script`, `iframe`, `img`, `fetch`, `xhr` or `beacon`. */
  way: string;
}

/** One or several requests of the same kind to the same address. */
export interface AuditEntry {
  /** The address; of hosts and refused frames the origin alone. */
  url: string;
  host: string;
  /** Null if no rule names it. */
  vendor: string | null;
  purposes: Purpose[];
  /** In `blocked` what `nosale:blocked` calls the way, in `refused` the directive, in `leaks` the browser's initiator. */
  way: string;
  /** When first, in milliseconds since the page's navigation. */
  time: number;
  count: number;
}

/** The first 100 entries of a kind, and how many requests came beside those. */
export interface AuditList {
  entries: AuditEntry[];
  more: number;
}

/** What happened on this page so far. */
export interface Audit {
  /** When this was asked for: RFC 3339. */
  time: string;
  /** The page's address without its query. */
  page: string;
  /** When nosale started, in milliseconds since the page's navigation. A leak before that is unmarked markup. */
  started: number;
  /** What holds: the version, the decision and its reasons, the gate. */
  status: Status;
  /** The Content-Security-Policies that strict mode has put in force. */
  policies: string[];
  /** What the gate's wrappers stopped. */
  blocked: AuditList;
  /** What the browser refused because of those policies. */
  refused: AuditList;
  /** What reached a vendor that was denied then. */
  leaks: AuditList;
  /** The other sites that the page asked for something: one entry for each host and vendor. */
  hosts: AuditList;
}

/** `window.nosale`. */
export interface Nosale {
  readonly version: string;
  /** The state of everything, as a fresh object. */
  status(): Status;
  /** Whether a purpose is permitted, or whether a request to an address may leave. */
  allows(purposeOrUrl: Purpose | (string & {})): boolean;
  /**
   * Opts out, of everything unless purposes are named. In force on return. Gives null where nothing is
   * decided yet (`starting`): the choice is taken in once nosale has started, on this page or a later one.
   */
  optOut(purposes?: Purpose | Purpose[]): Receipt | null;
  /**
   * Opens the dialog's confirm step, and gives the receipt once the visitor has confirmed, or null
   * if not. Rejected where the visitor opted out less than 12 months ago and has not just clicked
   * anything. `confirmed` is for a page of the publisher's that has asked in two steps itself; it
   * never lifts a signal or an age.
   */
  optIn(purposes?: Purpose | Purpose[], options?: { confirmed?: boolean }): Promise<Receipt | null>;
  /** Tells what the page learned late. Never lifts an opt-out by what is absent. */
  setContext(context: Context): void;
  /**
   * Links what holds to an account: `token` is a JSON Web Token, signed by the publisher's server,
   * whose `sub` is the account's id. It goes to the endpoint once, and is not kept.
   */
  identify(token: string): void;
  /** Opens the dialog. */
  open(): Promise<void>;
  /** The receipt of the last choice on this page. */
  receipt(): Receipt | null;
  /** What happened on this page so far, as evidence. */
  audit(): Audit;
  /** Calls `listener` at each event, at once for a `ready` that is past. Gives the unsubscriber. */
  on(event: 'ready' | 'change', listener: (status: Status) => void): () => void;
  on(event: 'blocked', listener: (blocked: Blocked) => void): () => void;
}

/** `window.nosale` of the inline snippet, until nosale.js takes its place. */
export interface InlineNosale {
  /** For nosale.js: puts the browser's functions back, and returns what sends all that was held. */
  (): () => void;
  readonly version?: undefined;
  readonly status?: undefined;
  /** False if a signal is on or an opt-out is stored, whatever is asked about; null if nosale.js has to say. */
  allows(purposeOrUrl: Purpose | (string & {})): false | null;
}

declare global {
  interface Window {
    /** With the inline snippet an {@link InlineNosale} until nosale.js runs; `status` tells them apart. */
    readonly nosale?: Nosale;
  }
  interface DocumentEventMap {
    'nosale:ready': CustomEvent<Status>;
    'nosale:change': CustomEvent<Status>;
    'nosale:blocked': CustomEvent<Blocked>;
  }
}
