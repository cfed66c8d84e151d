// What the demo's people, places and goods are made of.
export const FIRST_NAMES =
  `Ada Aisha Alejandro Amara Anna Antoine Arjun Astrid Beatriz Björn Camille Carlos Chiara Chloé Daniel David Deniz Diego
Dmitri Elena Elif Emil Emma Erik Fatima Felix Fiona Francesca Frida Gabriel Giulia Grace Hana Hannah Hiroshi Hugo Ibrahim
Inés Ingrid Isabel Ivan Jakub James Jan Jasmin Jeanne João José Jürgen Kaito Karin Katarzyna Kenji Laila Lars Laura Léa Leila
Lena Liam Lin Linnea Łukasz Luca Lucía Magnus Maja Marek María Marta Mateo Maya Mehmet Mei Mia Milan Mina Mohamed Nadia Naomi
Niamh Nikolai Nina Noah Nora Olga Oliver Omar Oskar Paula Pedro Peter Petra Priya Rafael Raúl Rosa Ruth Sakura Samuel Sana
Sara Sebastián Selin Simone Sofía Søren Stella Sven Tariq Thea Theo Thomas Tomás Valentina Vera Victor Wanda Wei Yara Yuki
Yusuf Zainab Zofia Zoë`.split(/\s+/)

export const LAST_NAMES =
  `Abdi Adeyemi Ahmed Almeida Andersson Bauer Becker Bianchi Blanc Bondarenko Brown Castro Chen Costa Çelik Dąbrowski Davies
Demir Díaz Dubois Dvořák Eriksen Fernández Ferrari Fischer Fontaine Fuchs García Gonçalves Green Gruber Gupta Haddad Hansen
Hernández Hoffmann Horváth Hughes Ito Ivanova Jansen Jensen Johansson Jones Kaya Keller Kim Kobayashi Kowalski Kraus Kumar
Lambert Larsen Lefèvre Li López Lund Malik Marchetti Martin Meyer Mohamud Moreau Morgan Müller Murphy Nagy Nakamura Nguyen
Nielsen Novák Nowak O'Brien Öztürk Okafor Olsen Pereira Pérez Petit Petrov Popescu Ramos Reyes Ricci Rossi Roux Russo Saito
Sánchez Santos Schmidt Schneider Silva Singh Šimek Smith Sokolov Suzuki Svensson Takahashi Tanaka Taylor Torres Tran Varga
Vasić Virtanen Wagner Walker Wang Weber Williams Wójcik Yamamoto Yılmaz Zhang Zimmermann`.split(
    /\s+/,
  )

export const CITIES: readonly (readonly [city: string, country: string])[] = [
  ['Amsterdam', 'NL'],
  ['Barcelona', 'ES'],
  ['Berlin', 'DE'],
  ['Bologna', 'IT'],
  ['Bordeaux', 'FR'],
  ['Brno', 'CZ'],
  ['Bruxelles', 'BE'],
  ['Budapest', 'HU'],
  ['Cork', 'IE'],
  ['Dublin', 'IE'],
  ['Gdańsk', 'PL'],
  ['Genève', 'CH'],
  ['Göteborg', 'SE'],
  ['Graz', 'AT'],
  ['Hamburg', 'DE'],
  ['Helsinki', 'FI'],
  ['İstanbul', 'TR'],
  ['København', 'DK'],
  ['Kraków', 'PL'],
  ['Lisboa', 'PT'],
  ['Ljubljana', 'SI'],
  ['London', 'GB'],
  ['Lyon', 'FR'],
  ['Manchester', 'GB'],
  ['München', 'DE'],
  ['Oslo', 'NO'],
  ['Porto', 'PT'],
  ['Praha', 'CZ'],
  ['Sevilla', 'ES'],
  ['Stockholm', 'SE'],
  ['Torino', 'IT'],
  ['Utrecht', 'NL'],
  ['Wien', 'AT'],
  ['Zürich', 'CH'],
]

export interface Line {
  readonly category: string
  readonly materials: readonly string[]
  /** Name and a usual price in cents. */
  readonly things: readonly (readonly [name: string, cents: number])[]
}

export const LINES: readonly Line[] = [
  {
    category: 'kitchen',
    materials: ['Oak', 'Enamel', 'Cast-iron', 'Stoneware', 'Steel'],
    things: [
      ['Teapot', 4900],
      ['Crêpe pan', 5900],
      ['Chopping board', 3200],
      ['Salad bowl', 2800],
      ['Espresso cup', 1200],
      ['Pepper mill', 3900],
      ['Storage jar', 1600],
      ['Bread knife', 4500],
    ],
  },
  {
    category: 'home',
    materials: ['Linen', 'Wool', 'Cotton', 'Ash', 'Rattan'],
    things: [
      ['Throw', 8900],
      ['Cushion', 3500],
      ['Basket', 4200],
      ['Table runner', 2900],
      ['Bath towel', 2400],
      ['Wall hook', 900],
      ['Stool', 11900],
      ['Lampshade', 6400],
    ],
  },
  {
    category: 'garden',
    materials: ['Terracotta', 'Copper', 'Cedar', 'Zinc', 'Galvanised'],
    things: [
      ['Planter', 3900],
      ['Watering can', 4400],
      ['Bird feeder', 2700],
      ['Hand trowel', 1800],
      ['Bench', 18900],
      ['Lantern', 3300],
      ['Plant label', 500],
      ['Trellis', 5200],
    ],
  },
  {
    category: 'stationery',
    materials: ['Leather', 'Recycled', 'Brass', 'Walnut', 'Canvas'],
    things: [
      ['Notebook', 1900],
      ['Pencil case', 2200],
      ['Desk tray', 4600],
      ['Fountain pen', 7900],
      ['Letter opener', 2600],
      ['Wall calendar', 1500],
      ['Ruler', 800],
      ['Bookmark', 600],
    ],
  },
  {
    category: 'travel',
    materials: ['Waxed', 'Canvas', 'Nylon', 'Felt', 'Leather'],
    things: [
      ['Weekender', 15900],
      ['Wash bag', 3900],
      ['Passport wallet', 3400],
      ['Water flask', 2900],
      ['Luggage tag', 1100],
      ['Rucksack', 12900],
      ['Packing cube', 1700],
      ['Umbrella', 4100],
    ],
  },
]

export const NOTES = [
  'Please leave it with the neighbour.',
  'Gift wrap, please – it is for a birthday 🎁',
  'Ring twice, the bell is quiet.',
  'Livraison après 18 h, merci !',
  'Bitte nicht knicken.',
  'Second floor, door on the left → “Studio Ø”.',
  'Colour as in the photo, if possible.',
  'No plastic packaging, please.',
  'Invoice to the company address.',
  'お手数ですがよろしくお願いします。',
  'Dejar en conserjería.',
  'Call before delivery: 50 % of the time nobody is in.',
]
