import type { WholeLocale } from './locale.js';

/** Somali, not yet read by anybody who speaks it every day. */
export const so: WholeLocale = {
  tag: 'so',
  texts: {
    VALIDATION_ERROR: {
      merchant: {
        title: 'Xogta qaarkeed sax ma aha',
        detail: 'Fadlan sax xogta aad dirtay, ka dibna mar kale dir.',
      },
      customer: {
        title: 'Xogta qaarkeed sax ma aha',
        detail: 'Fadlan hubi waxaad gelisay, ka dibna mar kale isku day.',
      },
    },
    NOT_FOUND: {
      merchant: {
        title: 'Lama helin',
        detail:
          'Waxaad codsatay waan heli weynay. Fadlan hubi lambarka tixraaca, ka dibna mar kale isku day.',
      },
      customer: {
        title: 'Lama helin',
        detail: 'Waxaad codsatay waan heli weynay. Fadlan dib u noqo oo mar kale bilow.',
      },
    },
    CONNECTED_MERCHANT_NOT_FOUND: {
      merchant: {
        title: 'Akoonkaaga lacag-bixinta lama dejin',
        detail:
          'Dukaankaagu weli kuma xirna adeegga lacag-bixinta. Fadlan dhammaystir dejinta ama la xiriir kooxda taageerada.',
      },
      customer: {
        title: 'Lacag-bixintu hadda ma suurtowdo',
        detail:
          'Dukaankani hadda lacag ma qaadi karo. Fadlan hadhow mar kale isku day ama la xiriir dukaanka.',
      },
    },
    KYC_NOT_APPROVED: {
      merchant: {
        title: 'Akoonkaaga weli lama xaqiijin',
        detail:
          'Waxaad lacag qaadi kartaa marka dukumiintiyada ganacsigaaga la ansixiyo. Fadlan eeg heerka xaqiijinta.',
      },
      customer: {
        title: 'Lacag-bixintu hadda ma suurtowdo',
        detail:
          'Dukaankani hadda lacag ma qaadi karo. Fadlan hadhow mar kale isku day ama la xiriir dukaanka.',
      },
    },
    FEE_CONFIG_NOT_SET: {
      merchant: {
        title: 'Lacag-bixintu weli diyaar ma aha',
        detail:
          'Dhankayaga weli khidmad looma dejin akoonkaaga. Fadlan la xiriir kooxda taageerada si dejinta loo dhammeeyo.',
      },
      customer: {
        title: 'Lacag-bixintu hadda ma suurtowdo',
        detail:
          'Dukaankani hadda lacag ma qaadi karo. Fadlan hadhow mar kale isku day ama la xiriir dukaanka.',
      },
    },
    RATE_LIMITED: {
      merchant: {
        title: 'Codsiyadu hadda way badan yihiin',
        detail:
          'Adeegga lacag-bixintu aad buu u mashquulsan yahay. Fadlan wax yar sug, ka dibna mar kale isku day.',
      },
      customer: {
        title: 'Adeegga lacag-bixintu waa mashquul',
        detail: 'Fadlan wax yar sug, ka dibna mar kale isku day.',
      },
    },
    IDEMPOTENCY_CONFLICT: {
      merchant: {
        title: 'Lacag-bixintan hore ayaa loo bilaabay',
        detail:
          'Lacag-bixin hore oo faahfaahin kale leh ayaa isla furahaas leh. Fadlan marka hore eeg lacag-bixintaas.',
      },
      customer: {
        title: 'Lacag-bixintan hore ayaa loo bilaabay',
        detail: 'Fadlan eeg lacag-bixintaadii hore ka hor intaadan mar kale bixin.',
      },
    },
    DUPLICATE_REFERENCE: {
      merchant: {
        title: 'Lacag-bixin leh lambarkan tixraaca ayaa hore u jirta',
        detail:
          'Waxaa laga yaabaa inay dhammaatay. Fadlan eeg lacag-bixintaas ka hor intaadan mid kale bilaabin.',
      },
      customer: {
        title: 'Lacag-bixin leh lambarkan tixraaca ayaa hore u jirta',
        detail: 'Fadlan eeg lacag-bixintaas ka hor intaadan mar kale bixin.',
      },
    },
    INSUFFICIENT_BALANCE: {
      merchant: {
        title: 'Haraag ku filan ma jiro',
        detail:
          'Haraagu ma daboolayo qaddarkan. Fadlan yaree qaddarka ama lacag ku dar, ka dibna mar kale isku day.',
      },
      customer: {
        title: 'Haraag ku filan ma jiro',
        detail: 'Haraagu ma daboolayo lacag-bixintan. Fadlan lacag ku dar ama si kale u bixi.',
      },
    },
    PROVIDER_ERROR: {
      merchant: {
        title: 'Bangiga ama boorsadu tan ma fulin karin',
        detail:
          'Habka lacag-bixintu dhibaato ayuu soo sheegay. Fadlan mar kale isku day ama isticmaal hab kale.',
      },
      customer: {
        title: 'Bangigaaga ama boorsadaadu tan ma fulin karin',
        detail: 'Dhibaato ayaa la soo sheegay. Fadlan mar kale isku day ama si kale u bixi.',
      },
    },
    INTERNAL_ERROR: {
      merchant: {
        title: 'Dhibaato ayaa ka dhacday lacag-bixinta',
        detail: 'Adeegga lacag-bixintu dhibaato ayuu lahaa. Fadlan dhowr daqiiqo ka dib mar kale isku day.',
      },
      customer: {
        title: 'Dhibaato ayaa dhacday',
        detail: 'Adeegga lacag-bixintu dhibaato ayuu lahaa. Fadlan dhowr daqiiqo ka dib mar kale isku day.',
      },
    },
    UNREACHABLE: {
      merchant: {
        title: 'Adeegga lacag-bixinta lama gaari karo',
        detail:
          'Waan la xiriiri weynay adeegga lacag-bixinta. Fadlan dhowr daqiiqo ka dib mar kale isku day.',
      },
      customer: {
        title: 'Adeegga lacag-bixinta lama gaari karo',
        detail:
          'Waan la xiriiri weynay adeegga lacag-bixinta. Fadlan dhowr daqiiqo ka dib mar kale isku day.',
      },
    },
    TIMEOUT: {
      merchant: {
        title: 'Jawaabta adeegga lacag-bixintu way daahday',
        detail: 'Jawaab waqtigeedii ma aannaan helin. Fadlan dhowr daqiiqo ka dib mar kale isku day.',
      },
      customer: {
        title: 'Tani waqti dheer ayay qaadanaysaa',
        detail: 'Jawaab waqtigeedii ma aannaan helin. Fadlan dhowr daqiiqo ka dib mar kale isku day.',
      },
    },
    UNRECOGNISED: {
      merchant: {
        title: 'Dhibaato ayaa ka dhacday lacag-bixinta',
        detail: 'Waxaan helnay jawaab aannaan fahmin. Fadlan la xiriir kooxda taageerada.',
      },
      customer: {
        title: 'Dhibaato ayaa dhacday',
        detail: 'Tan ma aannaan dhammaystiri karin. Fadlan nala soo xiriir si aan kuu caawinno.',
      },
    },
    MERCHANT_UNIDENTIFIED: {
      merchant: {
        title: 'Ma naqaan dukaanka ay tani khusayso',
        detail: 'Fadlan dukaan dooro oo mar kale isku day.',
      },
      customer: {
        title: 'Ma naqaan dukaanka ay tani khusayso',
        detail: 'Fadlan ku noqo dukaanka oo mar kale bilow.',
      },
    },
    IDEMPOTENCY_KEY_REQUIRED: {
      merchant: {
        title: 'Lacag-bixintan lama bilaabi karin',
        detail:
          'Furihii ka ilaalin lahaa in laba jeer la bixiyo ma iman. Fadlan dib u noqo oo mar kale bilow.',
      },
      customer: {
        title: 'Lacag-bixintan lama bilaabi karin',
        detail: 'Fadlan ku noqo dukaanka oo lacag-bixinta mar kale bilow.',
      },
    },
    IDEMPOTENCY_IN_PROGRESS: {
      merchant: {
        title: 'Lacag-bixintan weli way socotaa',
        detail: 'Isla codsigaas ayaa laga shaqaynayaa. Fadlan wax yar sug, ka dibna eeg lacag-bixintaas.',
      },
      customer: {
        title: 'Lacag-bixintaadu weli way socotaa',
        detail: 'Fadlan wax yar sug, oo eeg lacag-bixintaada ka hor intaadan mar kale bixin.',
      },
    },
    UNDETERMINED: {
      merchant: {
        title: 'Akoonkaaga waan hubin weynay',
        detail:
          'Ma ogaan karin in akoonkaagu diyaar u yahay lacag-bixin. Fadlan wax yar ka dib mar kale isku day.',
      },
      customer: {
        title: 'Fadlan wax yar ka dib isku day',
        detail: 'Hadda tan kuuma diyaarin karin. Fadlan wax yar sug, ka dibna mar kale isku day.',
      },
    },
    PAYMENTS_UNAVAILABLE: {
      merchant: {
        title: 'Lacag-bixintu hadda ma suurtowdo',
        detail: 'Hadda lacag lama qaadi karo. Waan eegaynaa; fadlan hadhow mar kale isku day.',
      },
      customer: {
        title: 'Lacag-bixintu hadda ma suurtowdo',
        detail:
          'Dukaankani hadda lacag ma qaadi karo. Fadlan hadhow mar kale isku day ama la xiriir dukaanka.',
      },
    },
    OUTCOME_UNKNOWN: {
      merchant: {
        title: 'Weli ma naqaan in lacag-bixintu dhammaatay',
        detail:
          'Fadlan hubi heerka lacag-bixinta ka hor intaadan mar kale isku dayin. Waxaa laga yaabaa inay dhammaatay.',
      },
      customer: {
        title: 'Weli ma naqaan inaad lacagta bixisay',
        detail:
          'Fadlan eeg lacag-bixintaada ama farriimahaaga ka hor intaadan mar kale bixin. Waxaa laga yaabaa inaad hore u bixisay.',
      },
    },
  },
  issues: {
    required: 'waa in la buuxiyaa',
    type: 'nooca xogtu sax ma aha',
    minLength: 'tirada xarfuhu waa inay ugu yaraan noqotaa {min}',
    maxLength: 'tirada xarfuhu waa inaysan ka badnaan {max}',
    length: 'tirada xarfuhu waa inay noqotaa {n}',
    lengthRange: 'tirada xarfuhu waa inay u dhexeysaa {min} iyo {max}',
    minimum: 'waa inuu ugu yaraan noqdaa {min}',
    maximum: 'waa inuusan ka badnaan {max}',
    exclusiveMinimum: 'waa inuu ka badnaadaa {n}',
    exclusiveMaximum: 'waa inuu ka yaraadaa {n}',
    range: 'waa inuu u dhexeeyaa {min} iyo {max}',
    url: 'waa inuu noqdaa cinwaan shabakadeed oo sax ah',
    choice: 'kuma jiro doorashooyinka la bixiyay',
    digits: 'tirada lambarradu waa inay noqotaa {n}',
    invalid: 'sax ma aha',
  },
};
