import { offsetMinutes } from './clock.ts';

/**
 * Countries of the invented members: share of members, language people write at home, clock (minutes east of
 * UTC in winter, rule for summer time), telephone prefix, and the agency that works their cases here.
 */
export type SummerRule = 'eu' | 'us' | 'au' | 'nz' | 'none';
export type Language = 'en' | 'nl' | 'de' | 'fr' | 'es' | 'ru' | 'pl' | 'ja' | 'ar';
export type Agency = 'nl' | 'uk' | 'au';
export type Country = {
  readonly code: string;
  readonly weight: number;
  readonly language: Language;
  readonly zone: string;
  readonly winterMinutes: number;
  readonly summer: SummerRule;
  readonly dial: string;
  readonly agency: Agency;
};

function country(
  code: string,
  weight: number,
  language: Language,
  zone: string,
  winterMinutes: number,
  summer: SummerRule,
  dial: string,
  agency: Agency,
): Country {
  return { code, weight, language, zone, winterMinutes, summer, dial, agency };
}

export const countries: readonly Country[] = [
  country('NL', 120, 'nl', 'Europe/Amsterdam', 60, 'eu', '31', 'nl'),
  country('GB', 210, 'en', 'Europe/London', 0, 'eu', '44', 'uk'),
  country('AU', 90, 'en', 'Australia/Sydney', 600, 'au', '61', 'au'),
  country('DE', 95, 'de', 'Europe/Berlin', 60, 'eu', '49', 'nl'),
  country('US', 110, 'en', 'America/New_York', -300, 'us', '1', 'uk'),
  country('FR', 50, 'fr', 'Europe/Paris', 60, 'eu', '33', 'nl'),
  country('BE', 30, 'nl', 'Europe/Brussels', 60, 'eu', '32', 'nl'),
  country('ES', 30, 'es', 'Europe/Madrid', 60, 'eu', '34', 'nl'),
  country('CA', 35, 'en', 'America/Toronto', -300, 'us', '1', 'uk'),
  country('PL', 25, 'pl', 'Europe/Warsaw', 60, 'eu', '48', 'nl'),
  country('RU', 25, 'ru', 'Europe/Moscow', 180, 'none', '7', 'nl'),
  country('JP', 14, 'ja', 'Asia/Tokyo', 540, 'none', '81', 'au'),
  country('NZ', 16, 'en', 'Pacific/Auckland', 720, 'nz', '64', 'au'),
  country('IE', 16, 'en', 'Europe/Dublin', 0, 'eu', '353', 'uk'),
  country('AT', 14, 'de', 'Europe/Vienna', 60, 'eu', '43', 'nl'),
  country('CH', 14, 'de', 'Europe/Zurich', 60, 'eu', '41', 'nl'),
  country('SE', 14, 'en', 'Europe/Stockholm', 60, 'eu', '46', 'nl'),
  country('NO', 9, 'en', 'Europe/Oslo', 60, 'eu', '47', 'nl'),
  country('DK', 9, 'en', 'Europe/Copenhagen', 60, 'eu', '45', 'nl'),
  country('FI', 8, 'en', 'Europe/Helsinki', 120, 'eu', '358', 'nl'),
  country('IT', 18, 'en', 'Europe/Rome', 60, 'eu', '39', 'nl'),
  country('PT', 8, 'es', 'Europe/Lisbon', 0, 'eu', '351', 'nl'),
  country('CZ', 8, 'en', 'Europe/Prague', 60, 'eu', '420', 'nl'),
  country('HU', 6, 'en', 'Europe/Budapest', 60, 'eu', '36', 'nl'),
  country('GR', 6, 'en', 'Europe/Athens', 120, 'eu', '30', 'nl'),
  country('RO', 6, 'en', 'Europe/Bucharest', 120, 'eu', '40', 'nl'),
  country('UA', 8, 'ru', 'Europe/Kiev', 120, 'eu', '380', 'nl'),
  country('CO', 10, 'es', 'America/Bogota', -300, 'none', '57', 'uk'),
  country('AR', 8, 'es', 'America/Argentina/Buenos_Aires', -180, 'none', '54', 'uk'),
  country('PE', 10, 'es', 'America/Lima', -300, 'none', '51', 'uk'),
  country('ZA', 8, 'en', 'Africa/Johannesburg', 120, 'none', '27', 'uk'),
  country('IN', 10, 'en', 'Asia/Kolkata', 330, 'none', '91', 'au'),
  country('SG', 5, 'en', 'Asia/Singapore', 480, 'none', '65', 'au'),
  country('PH', 6, 'en', 'Asia/Manila', 480, 'none', '63', 'au'),
  country('AE', 5, 'ar', 'Asia/Dubai', 240, 'none', '971', 'au'),
  country('EG', 5, 'ar', 'Africa/Cairo', 120, 'none', '20', 'uk'),
];

/** Minutes east of UTC that clocks show in country number `index` at an epoch second. */
export function zoneMinutes(index: number, at: number): number {
  const { winterMinutes, summer } = countries[index]!;
  return offsetMinutes(at, winterMinutes, summer);
}
