// Written by the test `types` from the Rust types; must compile against www/nosale.d.ts.

import type { Age, Audit, Reason, ReportData, ReportEvent, RequestData, RequestEvent, Status } from '../../www/nosale';

export const bareStatus: Status = {
  "version": "0.1.0",
  "revision": 1,
  "jurisdiction": "US",
  "jurisdictionFrom": "default",
  "late": null,
  "signals": {
    "gpc": null,
    "account": false,
    "age": null,
    "earlierSignal": false
  },
  "purposes": {
    "sale": {
      "allowed": false,
      "because": "default"
    },
    "sharing": {
      "allowed": false,
      "because": "default"
    },
    "targeted_advertising": {
      "allowed": false,
      "because": "default"
    },
    "profiling": {
      "allowed": false,
      "because": "default"
    },
    "sensitive_data": {
      "allowed": false,
      "because": "default"
    }
  },
  "record": null,
  "gate": {
    "mode": "listed",
    "active": false,
    "engine": "wasm",
    "blocked": 0,
    "reload": false
  },
  "gpp": "DBAA",
  "gppSections": [
    -1
  ],
  "usp": "1---",
  "reports": {
    "pending": 0,
    "parked": 0,
    "dropped": 0,
    "tokensRefused": 0,
    "lastError": null
  }
};

export const fullStatus: Status = {
  "version": "0.1.0",
  "revision": 1,
  "jurisdiction": "US",
  "jurisdictionFrom": "server_timing",
  "late": {
    "why": [
      "after_parse",
      "async",
      "defer",
      "not_first",
      "requests"
    ],
    "requests": [
      {
        "url": "https://ads.example/tag.js",
        "vendor": "ads",
        "startTime": 12.5
      }
    ]
  },
  "signals": {
    "gpc": null,
    "account": false,
    "age": null,
    "earlierSignal": false
  },
  "purposes": {
    "sale": {
      "allowed": false,
      "because": "default"
    },
    "sharing": {
      "allowed": false,
      "because": "default"
    },
    "targeted_advertising": {
      "allowed": false,
      "because": "default"
    },
    "profiling": {
      "allowed": false,
      "because": "default"
    },
    "sensitive_data": {
      "allowed": false,
      "because": "default"
    }
  },
  "record": {
    "time": 200,
    "choices": {
      "sale": "out",
      "sharing": "out",
      "targeted_advertising": "out"
    },
    "signalSince": 100
  },
  "gate": {
    "mode": "listed",
    "active": false,
    "engine": "wasm",
    "blocked": 0,
    "reload": false
  },
  "gpp": "DBAA",
  "gppSections": [
    8
  ],
  "usp": "1YYN",
  "reports": {
    "pending": 1,
    "parked": 1,
    "dropped": 1,
    "tokensRefused": 1,
    "lastError": "refused"
  }
};

export const audit: Audit = {
  "time": "2026-03-01T12:00:00.000Z",
  "page": "https://www.publisher.example/news",
  "started": 12.5,
  "status": {
    "version": "0.1.0",
    "revision": 1,
    "jurisdiction": "US",
    "jurisdictionFrom": "server_timing",
    "late": {
      "why": [
        "after_parse",
        "async",
        "defer",
        "not_first",
        "requests"
      ],
      "requests": [
        {
          "url": "https://ads.example/tag.js",
          "vendor": "ads",
          "startTime": 12.5
        }
      ]
    },
    "signals": {
      "gpc": null,
      "account": false,
      "age": null,
      "earlierSignal": false
    },
    "purposes": {
      "sale": {
        "allowed": false,
        "because": "default"
      },
      "sharing": {
        "allowed": false,
        "because": "default"
      },
      "targeted_advertising": {
        "allowed": false,
        "because": "default"
      },
      "profiling": {
        "allowed": false,
        "because": "default"
      },
      "sensitive_data": {
        "allowed": false,
        "because": "default"
      }
    },
    "record": {
      "time": 200,
      "choices": {
        "sale": "out",
        "sharing": "out",
        "targeted_advertising": "out"
      },
      "signalSince": 100
    },
    "gate": {
      "mode": "listed",
      "active": false,
      "engine": "wasm",
      "blocked": 0,
      "reload": false
    },
    "gpp": "DBAA",
    "gppSections": [
      8
    ],
    "usp": "1YYN",
    "reports": {
      "pending": 1,
      "parked": 1,
      "dropped": 1,
      "tokensRefused": 1,
      "lastError": "refused"
    }
  },
  "policies": [
    "default-src 'self'"
  ],
  "blocked": {
    "entries": [
      {
        "url": "https://ads.example/tag.js?id=1",
        "host": "ads.example",
        "vendor": "ads",
        "purposes": [
          "sale",
          "sharing",
          "targeted_advertising"
        ],
        "way": "script",
        "time": 40.5,
        "count": 1
      }
    ],
    "more": 1
  },
  "refused": {
    "entries": [
      {
        "url": "https://ads.example/tag.js?id=1",
        "host": "ads.example",
        "vendor": null,
        "purposes": [],
        "way": "script-src-elem",
        "time": 40.5,
        "count": 1
      }
    ],
    "more": 1
  },
  "leaks": {
    "entries": [
      {
        "url": "https://ads.example/tag.js?id=1",
        "host": "ads.example",
        "vendor": "ads",
        "purposes": [
          "sale",
          "sharing",
          "targeted_advertising"
        ],
        "way": "img",
        "time": 40.5,
        "count": 1
      }
    ],
    "more": 1
  },
  "hosts": {
    "entries": [
      {
        "url": "https://ads.example/tag.js?id=1",
        "host": "ads.example",
        "vendor": null,
        "purposes": [],
        "way": "",
        "time": 40.5,
        "count": 1
      }
    ],
    "more": 1
  }
};

export const choice: ReportEvent = {
  "specversion": "1.0",
  "id": "5f0c8f6e-9d1b-4a53-8a57-0d6a3c1f7b21",
  "source": "https://www.publisher.example",
  "type": "nosale.choice",
  "time": "2026-11-22T00:00:00.000Z",
  "datacontenttype": "application/json",
  "data": {
    "kind": "opt_out",
    "how": "dialog",
    "purposes": {
      "sale": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "sharing": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "targeted_advertising": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "profiling": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "sensitive_data": {
        "allowed": false,
        "because": "choice",
        "before": true
      }
    },
    "signals": {
      "gpc": false,
      "account": false,
      "age": null,
      "earlierSignal": false
    },
    "jurisdiction": "US-CA",
    "gpp": "DBABBg~BVUAAACA.QA",
    "usp": "1YYN",
    "revision": 1,
    "module": "0.1.0",
    "vendors": {
      "meta_pixel": "blocked",
      "partner": "allowed"
    },
    "page": "https://www.publisher.example"
  }
};

export const signal: ReportEvent = {
  "specversion": "1.0",
  "id": "5f0c8f6e-9d1b-4a53-8a57-0d6a3c1f7b21",
  "source": "https://www.publisher.example",
  "type": "nosale.signal",
  "time": "2026-11-22T00:00:00.000Z",
  "datacontenttype": "application/json",
  "data": {
    "kind": "opt_out",
    "how": "dialog",
    "purposes": {
      "sale": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "sharing": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "targeted_advertising": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "profiling": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "sensitive_data": {
        "allowed": false,
        "because": "choice",
        "before": true
      }
    },
    "signals": {
      "gpc": false,
      "account": false,
      "age": null,
      "earlierSignal": false
    },
    "jurisdiction": "US-CA",
    "gpp": "DBAA",
    "usp": "1YYN",
    "revision": 1,
    "module": "0.1.0",
    "vendors": {
      "meta_pixel": "blocked",
      "partner": "allowed"
    },
    "page": "https://www.publisher.example",
    "account": "a-1"
  }
};

export const link: ReportEvent = {
  "specversion": "1.0",
  "id": "5f0c8f6e-9d1b-4a53-8a57-0d6a3c1f7b21",
  "source": "https://www.publisher.example",
  "type": "nosale.link",
  "time": "2026-11-22T00:00:00.000Z",
  "datacontenttype": "application/json",
  "dropped": 2,
  "accounttoken": "a.b.c",
  "data": {
    "kind": "link",
    "how": "dialog",
    "purposes": {
      "sale": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "sharing": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "targeted_advertising": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "profiling": {
        "allowed": false,
        "because": "choice",
        "before": true
      },
      "sensitive_data": {
        "allowed": false,
        "because": "choice",
        "before": true
      }
    },
    "signals": {
      "gpc": false,
      "account": false,
      "age": null,
      "earlierSignal": false
    },
    "jurisdiction": "US-CA",
    "gpp": "DBAA",
    "usp": "1YYN",
    "revision": 1,
    "module": "0.1.0",
    "vendors": {
      "meta_pixel": "blocked",
      "partner": "allowed"
    },
    "page": "https://www.publisher.example",
    "account": "a-1",
    "lifts": [
      "sale",
      "sharing",
      "targeted_advertising"
    ]
  }
};

export const request: RequestEvent = {
  "data": {
    "email": "visitor@example.com",
    "how": "dialog",
    "jurisdiction": "US-CA",
    "kind": "opt_out_elsewhere",
    "module": "0.1.0",
    "page": "https://www.publisher.example",
    "revision": 1
  },
  "datacontenttype": "application/json",
  "id": "0f8a4b5e-6d2c-4f3a-9b1e-7c5d3e2f1a0c",
  "source": "https://www.publisher.example",
  "specversion": "1.0",
  "time": "2026-11-22T00:00:00.000Z",
  "type": "nosale.request"
};

export const contact: RequestEvent = {
  "data": {
    "contacts": {
      "email": "never",
      "phone": "weekly",
      "post": "monthly",
      "text": "any"
    },
    "email": "visitor@example.com",
    "how": "dialog",
    "jurisdiction": "US-CA",
    "kind": "contact",
    "module": "0.1.0",
    "page": "https://www.publisher.example",
    "revision": 1
  },
  "datacontenttype": "application/json",
  "id": "0f8a4b5e-6d2c-4f3a-9b1e-7c5d3e2f1a0d",
  "source": "https://www.publisher.example",
  "specversion": "1.0",
  "time": "2026-11-22T00:00:00.000Z",
  "type": "nosale.request"
};

export const reasons: Reason[] = [
  "account",
  "child",
  "choice",
  "consent",
  "default",
  "earlier_signal",
  "gpc",
  "opt_in_law",
  "unreadable_record"
];

export const kinds: ReportData['kind'][] = [
  "limit",
  "link",
  "opt_in",
  "opt_out",
  "signal_end"
];

export const requestKinds: RequestData['kind'][] = [
  "contact",
  "opt_out_elsewhere"
];

export const requestType: RequestEvent['type'] = "nosale.request";

export const hows: ReportData['how'][] = [
  "account",
  "api",
  "dialog",
  "link",
  "signal"
];

export const ages: Age[] = [
  "adult",
  "13to15",
  "under13"
];

export const sources: Status['jurisdictionFrom'][] = [
  "config",
  "context",
  "default",
  "server_timing"
];

export const jurisdictions: Status['jurisdiction'][] = [
  "US",
  "US-CA",
  "US-CO",
  "US-CT",
  "US-TX",
  "US-MT",
  "US-NE",
  "US-NH",
  "US-NJ",
  "US-MN",
  "US-MD",
  "US-DE",
  "US-OR",
  "US-VA",
  "US-UT",
  "US-FL",
  "US-IA",
  "US-TN",
  "US-IN",
  "US-KY",
  "US-RI",
  "none"
];
