import type { WholeLocale } from './locale.js';

/** Afaan Oromo, not yet read by anybody who speaks it every day. */
export const om: WholeLocale = {
  tag: 'om',
  texts: {
    VALIDATION_ERROR: {
      merchant: {
        title: 'Odeeffannoon tokko tokko sirrii miti',
        detail: "Maaloo odeeffannoo ergitan sirreessaatii irra deebi'aa ergaa.",
      },
      customer: {
        title: 'Odeeffannoon tokko tokko sirrii miti',
        detail: "Maaloo waan galchitan ilaalaatii irra deebi'aa yaalaa.",
      },
    },
    NOT_FOUND: {
      merchant: {
        title: 'Hin argamne',
        detail:
          "Waan gaafattan argachuu hin dandeenye. Maaloo lakkoofsa wabii ilaalaatii irra deebi'aa yaalaa.",
      },
      customer: {
        title: 'Hin argamne',
        detail: "Waan gaafattan argachuu hin dandeenye. Maaloo duubatti deebi'aatii irraa jalqabaa.",
      },
    },
    CONNECTED_MERCHANT_NOT_FOUND: {
      merchant: {
        title: 'Herregni kaffaltii keessan hin qophoofne',
        detail:
          'Dukkaanni keessan ammaaf tajaajila kaffaltiitti hin makamne. Maaloo qophii kaffaltii xumuraa yookaan garee deeggarsaa quunnamaa.',
      },
      customer: {
        title: "Kaffaltiin yeroof hin danda'amu",
        detail:
          "Dukkaanni kun yeroo ammaa kaffaltii fudhachuu hin danda'u. Maaloo booda irra deebi'aa yaalaa yookaan dukkaanicha quunnamaa.",
      },
    },
    KYC_NOT_APPROVED: {
      merchant: {
        title: 'Herregni keessan ammallee hin mirkanoofne',
        detail:
          'Sanadoonni daldala keessanii yoo raggaasifaman kaffaltii fudhachuu dandeessu. Maaloo sadarkaa mirkaneessaa ilaalaa.',
      },
      customer: {
        title: "Kaffaltiin yeroof hin danda'amu",
        detail:
          "Dukkaanni kun yeroo ammaa kaffaltii fudhachuu hin danda'u. Maaloo booda irra deebi'aa yaalaa yookaan dukkaanicha quunnamaa.",
      },
    },
    FEE_CONFIG_NOT_SET: {
      merchant: {
        title: 'Kaffaltiin ammaaf qophii miti',
        detail:
          'Gatiin tajaajilaa herrega keessaniif karaa keenyaan ammallee hin murtoofne. Maaloo qophii xumuruuf garee deeggarsaa quunnamaa.',
      },
      customer: {
        title: "Kaffaltiin yeroof hin danda'amu",
        detail:
          "Dukkaanni kun yeroo ammaa kaffaltii fudhachuu hin danda'u. Maaloo booda irra deebi'aa yaalaa yookaan dukkaanicha quunnamaa.",
      },
    },
    RATE_LIMITED: {
      merchant: {
        title: "Gaaffiin yeroo ammaa baay'ateera",
        detail: "Tajaajilli kaffaltii baay'ee qabameera. Maaloo xiqqoo eegaatii irra deebi'aa yaalaa.",
      },
      customer: {
        title: 'Tajaajilli kaffaltii qabameera',
        detail: "Maaloo xiqqoo eegaatii irra deebi'aa yaalaa.",
      },
    },
    IDEMPOTENCY_CONFLICT: {
      merchant: {
        title: 'Kaffaltiin kun duraan jalqabameera',
        detail:
          'Kaffaltiin duraanii furtuu wal fakkaataa, garuu odeeffannoo biraa qaba. Maaloo dura kaffaltii sana ilaalaa.',
      },
      customer: {
        title: 'Kaffaltiin kun duraan jalqabameera',
        detail: 'Irra deebitanii kaffaluu keessan dura maaloo kaffaltii keessan isa duraa ilaalaa.',
      },
    },
    DUPLICATE_REFERENCE: {
      merchant: {
        title: 'Kaffaltiin lakkoofsa wabii kana qabu duraan jira',
        detail:
          "Xumuramee ta'uu danda'a. Maaloo kaffaltii biraa jalqabuu keessan dura kaffaltii sana ilaalaa.",
      },
      customer: {
        title: 'Kaffaltiin lakkoofsa wabii kana qabu duraan jira',
        detail: 'Irra deebitanii kaffaluu keessan dura maaloo kaffaltii sana ilaalaa.',
      },
    },
    INSUFFICIENT_BALANCE: {
      merchant: {
        title: 'Hafteen gahaan hin jiru',
        detail:
          "Hafteen herregaa hanga kanaaf gahaa miti. Maaloo hanga xiqqeessaa yookaan maallaqa itti dabalaatii irra deebi'aa yaalaa.",
      },
      customer: {
        title: 'Hafteen gahaan hin jiru',
        detail:
          'Hafteen herregaa kaffaltii kanaaf gahaa miti. Maaloo maallaqa itti dabalaa yookaan karaa biraan kaffalaa.',
      },
    },
    PROVIDER_ERROR: {
      merchant: {
        title: 'Baankiin yookaan waaleetiin kana raawwachuu hin dandeenye',
        detail:
          "Karaan kaffaltii rakkoo gabaaseera. Maaloo irra deebi'aa yaalaa yookaan karaa kaffaltii biraa fayyadamaa.",
      },
      customer: {
        title: 'Baankiin yookaan waaleetiin keessan hin dandeenye',
        detail: "Rakkoon gabaafameera. Maaloo irra deebi'aa yaalaa yookaan karaa biraan kaffalaa.",
      },
    },
    INTERNAL_ERROR: {
      merchant: {
        title: 'Kaffaltii irratti rakkoon uumameera',
        detail: "Tajaajilli kaffaltii rakkoo qaba ture. Maaloo daqiiqaa muraasa booda irra deebi'aa yaalaa.",
      },
      customer: {
        title: 'Rakkoon uumameera',
        detail: "Tajaajilli kaffaltii rakkoo qaba ture. Maaloo daqiiqaa muraasa booda irra deebi'aa yaalaa.",
      },
    },
    UNREACHABLE: {
      merchant: {
        title: 'Tajaajila kaffaltii quunnamuu hin dandeenye',
        detail:
          "Tajaajila kaffaltiitti hidhamuu hin dandeenye. Maaloo daqiiqaa muraasa booda irra deebi'aa yaalaa.",
      },
      customer: {
        title: 'Tajaajila kaffaltii quunnamuu hin dandeenye',
        detail:
          "Tajaajila kaffaltiitti hidhamuu hin dandeenye. Maaloo daqiiqaa muraasa booda irra deebi'aa yaalaa.",
      },
    },
    TIMEOUT: {
      merchant: {
        title: 'Deebiin tajaajila kaffaltii tureera',
        detail: "Yeroodhaan deebii hin arganne. Maaloo daqiiqaa muraasa booda irra deebi'aa yaalaa.",
      },
      customer: {
        title: 'Yeroo dheeraa fudhachaa jira',
        detail: "Yeroodhaan deebii hin arganne. Maaloo daqiiqaa muraasa booda irra deebi'aa yaalaa.",
      },
    },
    UNRECOGNISED: {
      merchant: {
        title: 'Kaffaltii irratti rakkoon uumameera',
        detail: 'Deebii hin hubanne arganneerra. Maaloo garee deeggarsaa quunnamaa.',
      },
      customer: {
        title: 'Rakkoon uumameera',
        detail: 'Kana xumuruu hin dandeenye. Gargaarsaaf maaloo nu quunnamaa.',
      },
    },
    MERCHANT_UNIDENTIFIED: {
      merchant: {
        title: "Kun dukkaana kamiif akka ta'e hin beeknu",
        detail: "Maaloo dukkaana filadhaatii irra deebi'aa yaalaa.",
      },
      customer: {
        title: "Kun dukkaana kamiif akka ta'e hin beeknu",
        detail: "Maaloo gara dukkaanichaatti deebi'aatii irraa jalqabaa.",
      },
    },
    IDEMPOTENCY_KEY_REQUIRED: {
      merchant: {
        title: 'Kaffaltiin kun jalqabamuu hin dandeenye',
        detail:
          "Furtuun kaffaltiin yeroo lama akka hin taane ittisu hin dhufne. Maaloo duubatti deebi'aatii irraa jalqabaa.",
      },
      customer: {
        title: 'Kaffaltiin kun jalqabamuu hin dandeenye',
        detail: "Maaloo gara dukkaanichaatti deebi'aatii kaffaltii irraa jalqabaa.",
      },
    },
    IDEMPOTENCY_IN_PROGRESS: {
      merchant: {
        title: 'Kaffaltiin kun ammallee adeemsa irra jira',
        detail: 'Gaaffiin wal fakkaatu hojjetamaa jira. Maaloo xiqqoo eegaatii kaffaltii sana ilaalaa.',
      },
      customer: {
        title: 'Kaffaltiin keessan ammallee adeemsa irra jira',
        detail: 'Maaloo xiqqoo eegaa; irra deebitanii kaffaluu keessan dura kaffaltii keessan ilaalaa.',
      },
    },
    UNDETERMINED: {
      merchant: {
        title: 'Herrega keessan ilaaluu hin dandeenye',
        detail:
          "Herregni keessan kaffaltiif qophii ta'uu isaa beekuu hin dandeenye. Maaloo xiqqoo booda irra deebi'aa yaalaa.",
      },
      customer: {
        title: "Maaloo xiqqoo booda irra deebi'aa yaalaa",
        detail: "Yeroo ammaa kana isiniif qopheessuu hin dandeenye. Maaloo xiqqoo eegaatii itti deebi'aa.",
      },
    },
    PAYMENTS_UNAVAILABLE: {
      merchant: {
        title: "Kaffaltiin yeroof hin danda'amu",
        detail:
          "Yeroo ammaa kaffaltii fudhachuun hin danda'amu. Rakkicha ilaalaa jirra; maaloo booda irra deebi'aa yaalaa.",
      },
      customer: {
        title: "Kaffaltiin yeroof hin danda'amu",
        detail:
          "Dukkaanni kun yeroo ammaa kaffaltii fudhachuu hin danda'u. Maaloo booda irra deebi'aa yaalaa yookaan dukkaanicha quunnamaa.",
      },
    },
    OUTCOME_UNKNOWN: {
      merchant: {
        title: 'Kaffaltiin raawwatamuu isaa ammallee hin beeknu',
        detail:
          "Irra deebitanii yaaluu keessan dura maaloo sadarkaa kaffaltii ilaalaa. Xumuramee ta'uu danda'a.",
      },
      customer: {
        title: 'Kaffaluu keessan ammallee hin beeknu',
        detail:
          "Irra deebitanii kaffaluu keessan dura maaloo kaffaltii yookaan ergaa keessan ilaalaa. Duraan kaffaltanii ta'uu danda'a.",
      },
    },
  },
  issues: {
    required: 'guutamuu qaba',
    type: 'gosti isaa sirrii miti',
    minLength: "baay'inni qubee yoo xiqqaate {min} ta'uu qaba",
    maxLength: "baay'inni qubee {max} caaluu hin qabu",
    length: "baay'inni qubee sirriitti {n} ta'uu qaba",
    lengthRange: "baay'inni qubee {min} hanga {max} ta'uu qaba",
    minimum: "yoo xiqqaate {min} ta'uu qaba",
    maximum: '{max} caaluu hin qabu',
    exclusiveMinimum: '{n} caaluu qaba',
    exclusiveMaximum: "{n} gadi ta'uu qaba",
    range: "{min} hanga {max} ta'uu qaba",
    url: "teessoo marsariitii sirrii ta'uu qaba",
    choice: 'filannoowwan jiran keessa hin jiru',
    digits: "baay'inni lakkoofsaa {n} ta'uu qaba",
    invalid: 'sirrii miti',
  },
};
