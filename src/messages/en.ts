import type { WholeLocale } from './locale.js';

/** English. */
export const en: WholeLocale = {
  tag: 'en',
  texts: {
    VALIDATION_ERROR: {
      merchant: {
        title: 'Some details are not valid',
        detail: 'Please check the details, correct them and send them again.',
      },
      customer: {
        title: 'Some details are not valid',
        detail: 'Please check what you entered and try again.',
      },
    },
    NOT_FOUND: {
      merchant: {
        title: 'Not found',
        detail: 'We could not find what you asked for. Please check the reference and try again.',
      },
      customer: {
        title: 'Not found',
        detail: 'We could not find what you asked for. Please go back and start again.',
      },
    },
    CONNECTED_MERCHANT_NOT_FOUND: {
      merchant: {
        title: 'Your payment account is not set up',
        detail:
          'Your shop is not connected to payments yet. Please complete the payment set-up or contact support.',
      },
      customer: {
        title: 'Payments are not available',
        detail: 'This shop cannot take payments right now. Please try again later or contact the shop.',
      },
    },
    KYC_NOT_APPROVED: {
      merchant: {
        title: 'Your account is not verified yet',
        detail:
          'You can take payments once your business documents are approved. Please check your verification status.',
      },
      customer: {
        title: 'Payments are not available',
        detail: 'This shop cannot take payments right now. Please try again later or contact the shop.',
      },
    },
    FEE_CONFIG_NOT_SET: {
      merchant: {
        title: 'Payments are not ready yet',
        detail:
          'Your account is still missing a fee setting on our side. Please contact support to finish the set-up.',
      },
      customer: {
        title: 'Payments are not available',
        detail: 'This shop cannot take payments right now. Please try again later or contact the shop.',
      },
    },
    RATE_LIMITED: {
      merchant: {
        title: 'Too many requests right now',
        detail: 'Payments are very busy. Please wait a moment, then try again.',
      },
      customer: {
        title: 'Payments are busy',
        detail: 'Please wait a moment, then try again.',
      },
    },
    IDEMPOTENCY_CONFLICT: {
      merchant: {
        title: 'This payment was already started',
        detail: 'An earlier payment with other details has the same key. Please look at that payment first.',
      },
      customer: {
        title: 'This payment was already started',
        detail: 'Please look at your earlier payment before you pay again.',
      },
    },
    DUPLICATE_REFERENCE: {
      merchant: {
        title: 'A payment with this reference exists already',
        detail: 'It may have been completed. Please look at that payment before you start another one.',
      },
      customer: {
        title: 'A payment with this reference exists already',
        detail: 'Please look at that payment before you pay again.',
      },
    },
    INSUFFICIENT_BALANCE: {
      merchant: {
        title: 'Not enough balance',
        detail:
          'The balance does not cover this amount. Please lower the amount or add funds, then try again.',
      },
      customer: {
        title: 'Not enough balance',
        detail: 'The balance does not cover this amount. Please add funds or pay in another way.',
      },
    },
    PROVIDER_ERROR: {
      merchant: {
        title: 'The bank or wallet could not do this',
        detail: 'The payment method reported a problem. Please try again, or use another payment method.',
      },
      customer: {
        title: 'Your bank or wallet could not do this',
        detail: 'It reported a problem. Please try again, or use another way to pay.',
      },
    },
    INTERNAL_ERROR: {
      merchant: {
        title: 'Something went wrong with payments',
        detail: 'The payment service had a problem. Please try again in a few minutes.',
      },
      customer: {
        title: 'Something went wrong',
        detail: 'The payment service had a problem. Please try again in a few minutes.',
      },
    },
    UNREACHABLE: {
      merchant: {
        title: 'The payment service cannot be reached',
        detail: 'We could not connect to the payment service. Please try again in a few minutes.',
      },
      customer: {
        title: 'The payment service cannot be reached',
        detail: 'We could not connect to the payment service. Please try again in a few minutes.',
      },
    },
    TIMEOUT: {
      merchant: {
        title: 'The payment service took too long',
        detail: 'We did not get an answer in time. Please try again in a few minutes.',
      },
      customer: {
        title: 'This is taking too long',
        detail: 'We did not get an answer in time. Please try again in a few minutes.',
      },
    },
    UNRECOGNISED: {
      merchant: {
        title: 'Something went wrong with payments',
        detail: 'We got an answer we do not understand. Please contact support.',
      },
      customer: {
        title: 'Something went wrong',
        detail: 'We could not complete this. Please contact us for help.',
      },
    },
    MERCHANT_UNIDENTIFIED: {
      merchant: {
        title: 'We do not know which shop this is for',
        detail: 'Please choose a shop and try again.',
      },
      customer: {
        title: 'We do not know which shop this is for',
        detail: 'Please go back to the shop and start again.',
      },
    },
    IDEMPOTENCY_KEY_REQUIRED: {
      merchant: {
        title: 'This payment could not be started',
        detail:
          'It came without the key that keeps it from being made twice. Please go back and start it again.',
      },
      customer: {
        title: 'This payment could not be started',
        detail: 'Please go back to the shop and start it again.',
      },
    },
    IDEMPOTENCY_IN_PROGRESS: {
      merchant: {
        title: 'This payment is still under way',
        detail: 'The same request is being worked on. Please wait a moment, then look at that payment.',
      },
      customer: {
        title: 'Your payment is still under way',
        detail: 'Please wait a moment, then look at your payment before you pay again.',
      },
    },
    UNDETERMINED: {
      merchant: {
        title: 'We could not check your account',
        detail: 'We could not confirm that your account is ready for payments. Please try again in a moment.',
      },
      customer: {
        title: 'Please try again in a moment',
        detail: 'We could not get this ready for you just now. Please wait a moment, then try again.',
      },
    },
    PAYMENTS_UNAVAILABLE: {
      merchant: {
        title: 'Payments are not available',
        detail: 'Payments cannot be taken right now. We are looking into it; please try again later.',
      },
      customer: {
        title: 'Payments are not available',
        detail: 'This shop cannot take payments right now. Please try again later or contact the shop.',
      },
    },
    OUTCOME_UNKNOWN: {
      merchant: {
        title: 'We do not know yet whether this went through',
        detail: 'Please check the status of the payment before you try again. It may have been completed.',
      },
      customer: {
        title: 'We do not know yet whether you have paid',
        detail:
          'Please check your payment or your messages before you pay again. You may already have been charged.',
      },
    },
  },
  issues: {
    required: 'is required',
    type: 'has the wrong type',
    minLength: 'the length must be at least {min}',
    maxLength: 'the length must be at most {max}',
    length: 'the length must be exactly {n}',
    lengthRange: 'the length must be between {min} and {max}',
    minimum: 'must be at least {min}',
    maximum: 'must be at most {max}',
    exclusiveMinimum: 'must be more than {n}',
    exclusiveMaximum: 'must be less than {n}',
    range: 'must be between {min} and {max}',
    url: 'must be a web address',
    choice: 'is not one of the choices',
    digits: 'the number of digits must be {n}',
    invalid: 'is not valid',
  },
};
