import { fold } from '../vitibrasil/text.ts';

/** A country or territory, by one name. */
export interface Country {
  /** In English. */
  readonly name: string;
  /** ISO 3166-1 alpha-3; of a state that is no more what it was there until then (ISO 3166-3). Null where the files name no country. */
  readonly iso: string | null;
  readonly iso2: string | null;
  readonly continent: string | null;
}

const continents: Readonly<Record<string, string>> = {
  AF: 'Africa',
  AS: 'Asia',
  EU: 'Europe',
  NA: 'North America',
  OC: 'Oceania',
  SA: 'South America',
};

/** `alpha-3 alpha-2 continent name: spellings of the files`, those of all vintages. Spellings are compared without case and accents. */
const lines = `
AFG AF AS Afghanistan: Afeganistão
AGO AO AF Angola: Angola
AIA AI NA Anguilla: Anguilla
ANT AN NA Netherlands Antilles: Antilhas Holandesas
ARE AE AS United Arab Emirates: Emirados; Emirados Árabes Unidos
ARG AR SA Argentina: Argentina
ARM AM AS Armenia: Armênia
ASM AS OC American Samoa: Samoa Americana
ATG AG NA Antigua and Barbuda: Antígua e Barbuda
AUS AU OC Australia: Austrália
AUT AT EU Austria: Áustria
ABW AW NA Aruba: Aruba
BEL BE EU Belgium: Bélgica
BEN BJ AF Benin: Benin
BFA BF AF Burkina Faso: Burquina Faso; Burkina Faso
BGD BD AS Bangladesh: Bangladesh
BGR BG EU Bulgaria: Bulgária
BHR BH AS Bahrain: Bahrein; Barein
BHS BS NA Bahamas: Bahamas
BIH BA EU Bosnia and Herzegovina: Bósnia; Bósnia-Herzegovina
BLZ BZ NA Belize: Belice; Belize
BMU BM NA Bermuda: Bermudas
BOL BO SA Bolivia: Bolívia
BRA BR SA Brazil: Brasil
BRB BB NA Barbados: Barbados
CAF CF AF Central African Republic: República Centro Africana
CAN CA NA Canada: Canadá
CCK CC OC Cocos (Keeling) Islands: Cocos (Keeling), Ilhas
CHE CH EU Switzerland: Suíça
CHL CL SA Chile: Chile
CHN CN AS China: China; China Continental
CIV CI AF Ivory Coast: Costa do Marfim
CMR CM AF Cameroon: Camarões
COG CG AF Congo: Congo
COK CK OC Cook Islands: Cook, Ilhas
COL CO SA Colombia: Colômbia
COM KM AF Comoros: Comores; Camores
CPV CV AF Cape Verde: Cabo Verde
CRI CR NA Costa Rica: Costa Rica
CSK CS EU Czechoslovakia: Tchecoslováquia
CUB CU NA Cuba: Cuba
CUW CW NA Curaçao: Curaçao
CYM KY NA Cayman Islands: Cayman, Ilhas
CYP CY AS Cyprus: Chipre
CZE CZ EU Czechia: Republica Tcheca; Tcheca, República
DEU DE EU Germany: Alemanha; Alemanha, República Democrática; Alemanha, República Democrática da
DJI DJ AF Djibouti: Djibuti
DMA DM NA Dominica: Dominica; Dominica, Ilha de
DNK DK EU Denmark: Dinamarca
DOM DO NA Dominican Republic: República Dominicana
DZA DZ AF Algeria: Argélia
ECU EC SA Ecuador: Equador
EGY EG AF Egypt: Egito
ESP ES EU Spain: Espanha
EST EE EU Estonia: Estônia
FIN FI EU Finland: Finlândia; Filânldia
FLK FK SA Falkland Islands (Malvinas): Falkland (Ilhas Malvinas); Falkland (Malvinas)
FRA FR EU France: França
FRO FO EU Faroe Islands: Faroé, Ilhas
GAB GA AF Gabon: Gabão
GBR GB EU United Kingdom: Reino Unido
GEO GE AS Georgia: Georgia
GHA GH AF Ghana: Gana
GIB GI EU Gibraltar: Gibraltar
GLP GP NA Guadeloupe: Guadalupe
GNB GW AF Guinea-Bissau: Guiné Bissau; Guiné-Bissau
GNQ GQ AF Equatorial Guinea: Guine Equatorial
GRC GR EU Greece: Grécia
GRD GD NA Grenada: Granada
GTM GT NA Guatemala: Guatemala
GUF GF SA French Guiana: Guiana Francesa
GUY GY SA Guyana: Guiana; Guiana Britânica
HKG HK AS Hong Kong: Hong Kong
HND HN NA Honduras: Honduras
HRV HR EU Croatia: Croácia
HTI HT NA Haiti: Haiti
HUN HU EU Hungary: Hungria
IDN ID AS Indonesia: Indonésia
IMN IM EU Isle of Man: Ilha de Man
IND IN AS India: Índia
IRL IE EU Ireland: Irlanda
IRN IR AS Iran: Irã
IRQ IQ AS Iraq: Iraque
ISL IS EU Iceland: Islândia
ISR IL AS Israel: Israel
ITA IT EU Italy: Itália
JAM JM NA Jamaica: Jamaica
JEY JE EU Jersey: Jérsei
JOR JO AS Jordan: Jordânia
JPN JP AS Japan: Japão
KEN KE AF Kenya: Quênia
KGZ KG AS Kyrgyzstan: Quirguistão
KNA KN NA Saint Kitts and Nevis: São Cristóvão e Névis
KOR KR AS South Korea: Coreia do Sul; Coreia do Sul, Republica da; Coreia do Sul, República; Coreia, Republica Sul; Coreia do Sul, Republica
KWT KW AS Kuwait: Coveite; Coveite (Kuweit)
LBN LB AS Lebanon: Líbano
LBR LR AF Liberia: Libéria
LBY LY AF Libya: Líbia
LKA LK AS Sri Lanka: Sri Lanka
LTU LT EU Lithuania: Lituânia
LUX LU EU Luxembourg: Luxemburgo
LVA LV EU Latvia: Letônia
MAC MO AS Macao: Macau
MAR MA AF Morocco: Marrocos
MCO MC EU Monaco: Mônaco
MDA MD EU Moldova: Moldávia
MDV MV AS Maldives: Maldivas
MEX MX NA Mexico: México
MHL MH OC Marshall Islands: Marshall, Ilhas
MKD MK EU North Macedonia: Macedônia
MLT MT EU Malta: Malta
MMR MM AS Myanmar: Birmânia
MNE ME EU Montenegro: Montenegro
MNG MN AS Mongolia: Mongólia
MNP MP OC Northern Mariana Islands: Marianas do Norte, Ilhas
MOZ MZ AF Mozambique: Moçambique
MRT MR AF Mauritania: Mauritânia
MTQ MQ NA Martinique: Martinica
MUS MU AF Mauritius: Mauricio
MWI MW AF Malawi: Malavi
MYS MY AS Malaysia: Malásia
NAM NA AF Namibia: Namíbia
NCL NC OC New Caledonia: Nova Caledônia
NGA NG AF Nigeria: Nigéria
NIC NI NA Nicaragua: Nicarágua
NLD NL EU Netherlands: Países Baixos; Países Baixos (Holanda)
NOR NO EU Norway: Noruega
NZL NZ OC New Zealand: Nova Zelândia
OMN OM AS Oman: Omã
PAK PK AS Pakistan: Paquistão
PAN PA NA Panama: Panamá
PCN PN OC Pitcairn: Pitcairn
PER PE SA Peru: Peru
PHL PH AS Philippines: Filipinas
PLW PW OC Palau: Palau
POL PL EU Poland: Polônia
PRI PR NA Puerto Rico: Porto Rico
PRK KP AS North Korea: Coreia do Norte; Coreia do Norte, República
PRT PT EU Portugal: Portugal
PRY PY SA Paraguay: Paraguai
QAT QA AS Qatar: Catar
ROU RO EU Romania: Romênia
RUS RU EU Russia: Rússia; Rússia, Federação da; República Federativa da Rússia
SAU SA AS Saudi Arabia: Arábia Saudita
SEN SN AF Senegal: Senegal
SGP SG AS Singapore: Cingapura; Singapura
SGS GS SA South Georgia and the South Sandwich Islands: Geórgia do Sul e Sandwich do Sul, Ilhas
SLE SL AF Sierra Leone: Serra Leoa
SLV SV NA El Salvador: El Salvador
SMR SM EU San Marino: San Marino
SRB RS EU Serbia: Sérvia
STP ST AF São Tomé and Príncipe: São Tomé e Príncipe
SUN SU EU Soviet Union: União Soviética; URSS
SUR SR SA Suriname: Suriname
SVK SK EU Slovakia: Eslovaca, Republica; Eslováquia
SVN SI EU Slovenia: Eslovênia
SWE SE EU Sweden: Suécia
SWZ SZ AF Eswatini: Suazilândia
SYR SY AS Syria: Síria
TCA TC NA Turks and Caicos Islands: Turcas e Caicos, ilhas
TGO TG AF Togo: Togo
THA TH AS Thailand: Tailândia
TKL TK OC Tokelau: Toquelau
TTO TT NA Trinidad and Tobago: Trindade e Tobago; Trinidade Tobago; Trinidade e Tobago
TUN TN AF Tunisia: Tunísia
TUR TR AS Turkey: Turquia
TUV TV OC Tuvalu: Tuvalu
TWN TW AS Taiwan: Taiwan; Taiwan (Formosa)
TZA TZ AF Tanzania: Tanzânia
UKR UA EU Ukraine: Ucrânia
URY UY SA Uruguay: Uruguai
USA US NA United States: Estados Unidos
UZB UZ AS Uzbekistan: Uzbequistão
VCT VC NA Saint Vincent and the Grenadines: São Vicente e Granadinas
VEN VE SA Venezuela: Venezuela
VNM VN AS Vietnam: Vietnã
VUT VU OC Vanuatu: Vanuatu
WLF WF OC Wallis and Futuna: Wallis e Futuna, Ilhas
YUG YU EU Yugoslavia: Iugoslávia; Iugoslâvia
ZAF ZA AF South Africa: África do Sul
- - NA Virgin Islands: Ilhas Virgens
- - - Not in the table: Não consta na tabela
- - - Not declared: Não declarados
- - - Others: Outros
- - - Ships' and aircraft's stores: Provisão de Navios e Aeronaves
`;

const read = (line: string): [Country, string[]] => {
  const [head = '', spellings = ''] = line.split(': ');
  const [iso = '-', iso2 = '-', continent = '-', ...name] = head.split(' ');
  const known = (code: string) => (code === '-' ? null : code);
  const country = {
    name: name.join(' '),
    iso: known(iso),
    iso2: known(iso2),
    continent: continents[continent] ?? null,
  };
  return [country, spellings.split('; ').map(fold)];
};

const entries = lines.trim().split('\n').map(read);
export const countries: readonly Country[] = entries.map(([country]) => country);
const bySpelling = new Map(entries.flatMap(([country, spellings]) => spellings.map((spelling) => [spelling, country])));

/** @returns the country that a file means by a spelling; one without codes for a spelling that is not known */
export const countryOf = (spelling: string): Country =>
  bySpelling.get(fold(spelling)) ?? { name: spelling.replace(/\s+/g, ' '), iso: null, iso2: null, continent: null };

/** All that a country may be asked for by: its name, codes and spellings, folded. */
export const wordsOf = (country: Country): string[] => [
  fold(country.name),
  ...[country.iso, country.iso2].flatMap((code) => (code === null ? [] : [code.toLowerCase()])),
  ...entries.filter(([other]) => other === country).flatMap(([, spellings]) => spellings),
];
