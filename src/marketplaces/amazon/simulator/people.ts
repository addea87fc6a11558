// Invented buyers. Streets, towns and postcodes have the country's form; phone numbers are of ranges kept for fiction where one exists.
import type { CustomerAddress } from '@sp-api-sdk/orders-api-2026-01-01'
import type { Random } from './random.ts'

type Place = readonly [line1: string, city: string, region: string, postalCode: string]
interface Country {
  people: readonly [string, ...string[]]
  places: readonly [Place, ...Place[]]
  phone: string
}

const countries: Record<string, Country> = {
  US: {
    people: [
      'Maya Torres',
      'Daniel Whitfield',
      'Aisha Grant',
      'Owen Becker',
      'Priya Raman',
      'Luke Santoro',
      'Hannah Cole',
      'Marcus Boyd',
      'Elena Ruiz',
      'Grace Lindqvist',
    ],
    places: [
      ['418 Alder Street', 'Portland', 'OR', '97205'],
      ['2207 Kessler Avenue', 'Dallas', 'TX', '75208'],
      ['91 Beacon Street, Apt 4', 'Boston', 'MA', '02108'],
      ['1550 Larimer Street', 'Denver', 'CO', '80202'],
      ['3302 Chestnut Street', 'Philadelphia', 'PA', '19104'],
      ['764 Ponce de Leon Avenue NE', 'Atlanta', 'GA', '30306'],
      ['12 Orchard Lane', 'Madison', 'WI', '53703'],
      ['5821 Rosewood Drive', 'Sacramento', 'CA', '95819'],
      ['240 Harbor View Road', 'Charleston', 'SC', '29412'],
      ['1007 N Pearl Street', 'Tacoma', 'WA', '98403'],
    ],
    phone: '+1 555-0',
  },
  GB: {
    people: [
      'Eleanor Marsh',
      'Tom Ashworth',
      'Nadia Hussain',
      'Callum Reid',
      'Bronwen Pugh',
      'Oliver Kemp',
      'Sophie Lacey',
      'Ravi Mistry',
      'Fiona McAllister',
      'George Penrose',
    ],
    places: [
      ['14 Chapel Row', 'Bath', 'Somerset', 'BA1 1HN'],
      ['Flat 3, 88 Kirkgate', 'Leeds', 'West Yorkshire', 'LS2 7DJ'],
      ['27 Marchmont Road', 'Edinburgh', 'Midlothian', 'EH9 1HU'],
      ['5 Cathedral Road', 'Cardiff', 'South Glamorgan', 'CF11 9HA'],
      ['61 Botanic Avenue', 'Belfast', 'County Antrim', 'BT7 1JL'],
      ['102 Lower Clapton Road', 'London', 'Greater London', 'E5 0QR'],
      ['9 Quay Street', 'Truro', 'Cornwall', 'TR1 2HE'],
      ['33 Ecclesall Road', 'Sheffield', 'South Yorkshire', 'S11 8HW'],
      ['2 Mill Lane', 'Cambridge', 'Cambridgeshire', 'CB2 1RX'],
      ['46 Bold Street', 'Liverpool', 'Merseyside', 'L1 4DS'],
    ],
    phone: '+44 1632 96',
  },
  CA: {
    people: ['Noah Tremblay', 'Emma Fraser'],
    places: [
      ['310 Bloor Street W', 'Toronto', 'ON', 'M5S 1W4'],
      ['1420 Rue Saint-Denis', 'Montréal', 'QC', 'H2X 3J8'],
    ],
    phone: '+1 555-0',
  },
  MX: {
    people: ['Lucía Herrera', 'Diego Fuentes'],
    places: [
      ['Av. Álvaro Obregón 151', 'Ciudad de México', 'CDMX', '06700'],
      ['Calle Hidalgo 22', 'Guadalajara', 'JAL', '44100'],
    ],
    phone: '+52 55 0000 ',
  },
  BR: {
    people: ['Rafael Moreira', 'Camila Duarte'],
    places: [
      ['Rua Augusta 1508', 'São Paulo', 'SP', '01304-001'],
      ['Rua Bambina 40', 'Rio de Janeiro', 'RJ', '22251-050'],
    ],
    phone: '+55 11 0000-',
  },
  DE: {
    people: ['Jonas Keller', 'Annika Vogt'],
    places: [
      ['Torstraße 140', 'Berlin', 'Berlin', '10119'],
      ['Sternstraße 12', 'Hamburg', 'Hamburg', '20357'],
    ],
    phone: '+49 30 23125',
  },
  FR: {
    people: ['Camille Laurent', 'Hugo Mercier'],
    places: [
      ['18 rue Oberkampf', 'Paris', 'Île-de-France', '75011'],
      ['7 quai Saint-Antoine', 'Lyon', 'Auvergne-Rhône-Alpes', '69002'],
    ],
    phone: '+33 1 99 00 ',
  },
  IT: {
    people: ['Giulia Ferri', 'Matteo Bassi'],
    places: [
      ['Via Tortona 27', 'Milano', 'MI', '20144'],
      ['Via Zamboni 33', 'Bologna', 'BO', '40126'],
    ],
    phone: '+39 02 0000 ',
  },
  ES: {
    people: ['Marta Vidal', 'Pablo Ortega'],
    places: [
      ['Calle de Fuencarral 77', 'Madrid', 'Madrid', '28004'],
      ['Carrer de Verdi 32', 'Barcelona', 'Barcelona', '08012'],
    ],
    phone: '+34 910 00 ',
  },
  IE: {
    people: ['Aoife Brennan', 'Conor Daly'],
    places: [
      ['22 Camden Street Lower', 'Dublin', 'County Dublin', 'D02 XE80'],
      ['4 Quay Street', 'Galway', 'County Galway', 'H91 RR77'],
    ],
    phone: '+353 20 91',
  },
  NL: {
    people: ['Sanne de Vries', 'Bram Visser'],
    places: [
      ['Javastraat 61', 'Amsterdam', 'Noord-Holland', '1094 HA'],
      ['Oudegracht 210', 'Utrecht', 'Utrecht', '3511 NR'],
    ],
    phone: '+31 20 000 ',
  },
  BE: {
    people: ['Lotte Peeters', 'Thomas Dubois'],
    places: [
      ['Rue Antoine Dansaert 84', 'Bruxelles', 'Bruxelles', '1000'],
      ['Kloosterstraat 19', 'Antwerpen', 'Antwerpen', '2000'],
    ],
    phone: '+32 2 000 ',
  },
  SE: {
    people: ['Elsa Nyberg', 'Viktor Holm'],
    places: [
      ['Götgatan 48', 'Stockholm', 'Stockholms län', '118 26'],
      ['Linnégatan 7', 'Göteborg', 'Västra Götalands län', '413 04'],
    ],
    phone: '+46 8 465 004 ',
  },
  PL: {
    people: ['Zofia Nowak', 'Piotr Wrona'],
    places: [
      ['ul. Poznańska 16', 'Warszawa', 'mazowieckie', '00-680'],
      ['ul. Józefa 9', 'Kraków', 'małopolskie', '31-056'],
    ],
    phone: '+48 22 000 ',
  },
  TR: {
    people: ['Elif Aydın', 'Can Doğan'],
    places: [
      ['Moda Caddesi 55', 'İstanbul', 'Kadıköy', '34710'],
      ['Kıbrıs Şehitleri Caddesi 12', 'İzmir', 'Konak', '35220'],
    ],
    phone: '+90 212 000 ',
  },
  EG: {
    people: ['Nour Hassan', 'Karim Adel'],
    places: [
      ['26 July Street 14', 'Cairo', 'Cairo', '11211'],
      ['Fouad Street 8', 'Alexandria', 'Alexandria', '21519'],
    ],
    phone: '+20 2 0000 ',
  },
  SA: {
    people: ['Sara Alharbi', 'Fahad Alqahtani'],
    places: [
      ['Tahlia Street 301', 'Riyadh', 'Riyadh', '12241'],
      ['Palestine Street 77', 'Jeddah', 'Makkah', '23326'],
    ],
    phone: '+966 11 000 ',
  },
  AE: {
    people: ['Layla Mansour', 'Omar Saeed'],
    places: [
      ['Al Wasl Road 118', 'Dubai', 'Dubai', '00000'],
      ['Hamdan Street 41', 'Abu Dhabi', 'Abu Dhabi', '00000'],
    ],
    phone: '+971 4 000 ',
  },
  IN: {
    people: ['Ananya Iyer', 'Rohan Mehta'],
    places: [
      ['12th Main Road 402, Indiranagar', 'Bengaluru', 'Karnataka', '560038'],
      ['Linking Road 19, Bandra West', 'Mumbai', 'Maharashtra', '400050'],
    ],
    phone: '+91 22 0000 ',
  },
  ZA: {
    people: ['Thandi Mokoena', 'Pieter Botha'],
    places: [
      ['62 Kloof Street', 'Cape Town', 'Western Cape', '8001'],
      ['14 4th Avenue, Parkhurst', 'Johannesburg', 'Gauteng', '2193'],
    ],
    phone: '+27 21 000 ',
  },
  JP: {
    people: ['佐藤 美咲', '高橋 健'],
    places: [
      ['渋谷区神宮前3-14-2', '東京', '東京都', '150-0001'],
      ['中京区三条通12', '京都市', '京都府', '604-8005'],
    ],
    phone: '+81 3 0000 ',
  },
  AU: {
    people: ['Chloe Barker', 'Jack Nguyen'],
    places: [
      ['85 King Street', 'Newtown', 'NSW', '2042'],
      ['17 Smith Street', 'Fitzroy', 'VIC', '3065'],
    ],
    phone: '+61 2 5550 ',
  },
  SG: {
    people: ['Tan Wei Ling', 'Arjun Nair'],
    places: [
      ['55 Tiong Bahru Road, #04-12', 'Singapore', 'Singapore', '160055'],
      ['230 Joo Chiat Road', 'Singapore', 'Singapore', '427482'],
    ],
    phone: '+65 0000 ',
  },
}

export interface Buyer {
  name: string
  email: string
  address: CustomerAddress
}

/** A buyer of a country; of the United States where the country has no list. */
export function inventBuyer(random: Random, countryCode: string): Buyer {
  const code = countries[countryCode] === undefined ? 'US' : countryCode
  const { people, places, phone } = countries[code]!
  const name = random.pick(people)
  const [addressLine1, city, stateOrRegion, postalCode] = random.pick(places)
  return {
    name,
    email: `${random.digits(6)}x${random.digits(8)}@marketplace.example`,
    address: {
      name,
      addressLine1,
      city,
      stateOrRegion,
      postalCode,
      countryCode: code,
      phone: `${phone}${random.digits(3)}`,
      addressType: 'RESIDENTIAL',
    },
  }
}
