/** The same made-up rates in every format: two currencies, a holiday without values, a monthly series beside the daily ones. */
export const expected = [
  { currency: 'USD', date: '2025-05-08', rate: '1.1297' },
  { currency: 'USD', date: '2025-05-09', rate: null },
  { currency: 'USD', date: '2025-05-12', rate: '1.11' },
  { currency: 'JPY', date: '2025-05-08', rate: '163.45' },
  { currency: 'JPY', date: '2025-05-09', rate: null },
  { currency: 'JPY', date: '2025-05-12', rate: '164' },
];

export const csvdata = `KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,TITLE_COMPL,UNIT_MULT
EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2025-05-08,1.1297,A,"ECB reference exchange rate, US dollar/Euro",0
EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2025-05-09,,H,"ECB reference exchange rate, US dollar/Euro",0
EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2025-05-12,1.1100,A,"ECB reference exchange rate, US dollar/Euro",0
EXR.M.USD.EUR.SP00.A,M,USD,EUR,SP00,A,2025-05,1.1278,A,"ECB reference exchange rate, US dollar/Euro",0
EXR.D.JPY.EUR.SP00.A,D,JPY,EUR,SP00,A,2025-05-08,163.45,A,"ECB reference exchange rate, Japanese yen/Euro",0
EXR.D.JPY.EUR.SP00.A,D,JPY,EUR,SP00,A,2025-05-09,,H,"ECB reference exchange rate, Japanese yen/Euro",0
EXR.D.JPY.EUR.SP00.A,D,JPY,EUR,SP00,A,2025-05-12,164,A,"ECB reference exchange rate, Japanese yen/Euro",0
`;

/** The columns of other data flows stand in another order, and `detail=dataonly` leaves the attributes out. */
export const csvdataReordered = `OBS_VALUE,TIME_PERIOD,CURRENCY
1.1297,2025-05-08,USD
,2025-05-09,USD
1.11,2025-05-12,USD
163.45,2025-05-08,JPY
,2025-05-09,JPY
164,2025-05-12,JPY
,,
`;

const values = (...ids: string[]) => ids.map((id) => ({ id, name: id }));
const structure = {
  name: 'Exchange Rates',
  dimensions: {
    series: [
      { id: 'FREQ', values: values('D', 'M') },
      { id: 'CURRENCY', values: values('JPY', 'USD') },
      { id: 'CURRENCY_DENOM', values: values('EUR') },
      { id: 'EXR_TYPE', values: values('SP00') },
      { id: 'EXR_SUFFIX', values: values('A') },
    ],
    observation: [
      { id: 'TIME_PERIOD', role: 'time', values: values('2025-05-08', '2025-05-09', '2025-05-12', '2025-05') },
    ],
  },
  attributes: { series: [{ id: 'UNIT_MULT', values: values('0') }], observation: [] },
};
const series =
  '{"0:1:0:0:0":{"attributes":[0],"observations":{"0":[1.1297,0,null],"1":[null,1,null],"2":[1.1100,0,null]}},' +
  '"1:1:0:0:0":{"attributes":[0],"observations":{"3":[1.1278,0,null]}},' +
  '"0:0:0:0:0":{"attributes":[null],"observations":{"0":[163.45,0,null],"1":[null],"2":[164]}}}';

export const sdmxJson = `{"header":{"id":"made-up"},"dataSets":[{"action":"Replace","series":${series}}],"structure":${JSON.stringify(structure)}}`;
export const sdmxJsonWrapped = `{"meta":{},"data":{"dataSets":[{"series":${series}}],"structures":[${JSON.stringify(structure)}]}}`;

const genericSeries = (key: readonly string[], observations: readonly (readonly [string, string])[]) =>
  `<g:Series><g:SeriesKey>${['FREQ', 'CURRENCY', 'CURRENCY_DENOM', 'EXR_TYPE', 'EXR_SUFFIX']
    .map((id, index) => `<g:Value id="${id}" value="${key[index]}"/>`)
    .join('')}</g:SeriesKey><g:Attributes><g:Value id="UNIT_MULT" value="0"/></g:Attributes>${observations
    .map(
      ([date, value]) =>
        `<g:Obs><g:ObsDimension value="${date}"/><g:ObsValue value="${value}"/><g:Attributes><g:Value id="OBS_STATUS" value="A"/></g:Attributes></g:Obs>`,
    )
    .join('')}</g:Series>`;

export const sdmxGeneric = `<?xml version="1.0" encoding="UTF-8"?>
<m:GenericData xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" xmlns:g="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic">
<m:Header><m:ID>made-up</m:ID></m:Header><m:DataSet>${genericSeries(
  ['D', 'USD', 'EUR', 'SP00', 'A'],
  [
    ['2025-05-08', '1.1297'],
    ['2025-05-09', 'NaN'],
    ['2025-05-12', '1.1100'],
  ],
)}${genericSeries(['M', 'USD', 'EUR', 'SP00', 'A'], [['2025-05', '1.1278']])}${genericSeries(
  ['D', 'JPY', 'EUR', 'SP00', 'A'],
  [
    ['2025-05-08', '163.45'],
    ['2025-05-09', 'NaN'],
    ['2025-05-12', '164'],
  ],
)}</m:DataSet></m:GenericData>`;

const flat = (currency: string, date: string, value: string) =>
  `<Obs><ObsKey><Value id="FREQ" value="D"/><Value id="CURRENCY" value="${currency}"/><Value id="CURRENCY_DENOM" value="EUR"/><Value id="TIME_PERIOD" value="${date}"/></ObsKey><ObsValue value="${value}"/></Obs>`;

/** Without series, and with the generic namespace as the default one. */
export const sdmxGenericFlat = `<GenericData xmlns="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"><DataSet xmlns="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic">${expected
  .map(({ currency, date, rate }) => flat(currency, date, rate ?? 'NaN'))
  .join('')}</DataSet></GenericData>`;

const specific = (currency: string) =>
  `<Series FREQ="D" CURRENCY="${currency}" CURRENCY_DENOM="EUR" EXR_TYPE="SP00" EXR_SUFFIX="A" UNIT_MULT="0">${expected
    .filter((observation) => observation.currency === currency)
    .map(({ date, rate }) => `<Obs TIME_PERIOD="${date}" OBS_VALUE="${rate ?? 'NaN'}" OBS_STATUS="A"/>`)
    .join('')}</Series>`;
export const sdmxStructureSpecific = `<message:StructureSpecificData xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"><message:DataSet>${specific('USD')}${specific('JPY')}</message:DataSet></message:StructureSpecificData>`;

export const eurofxrefHistory = `Date,USD,JPY,SKK,
2025-05-12,1.1100,164,N/A,
2025-05-08,1.1297,163.45,N/A,
`;
export const eurofxrefDaily = 'Date, USD, JPY, \n08 May 2025, 1.1297, 163.45, \n';
export const eurofxrefXml = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube><Cube time='2025-05-12'><Cube currency='USD' rate='1.1100'/><Cube currency='JPY' rate='164'/></Cube>
  <Cube time='2025-05-08'><Cube currency='USD' rate='1.1297'/><Cube currency='JPY' rate='163.45'/></Cube></Cube>
</gesmes:Envelope>`;
