// Companies that do not exist, and telephone numbers that ring nowhere: all from ranges kept free for stories.
import type { Chance } from "./chance.ts"

export interface Company {
  readonly name: string
  readonly domain: string
}

const company = (line: string): Company => {
  const [name = "", slug = ""] = line.split("=")
  return { name, domain: `${slug}.example` }
}

export const COMPANIES: readonly Company[] = `Harbour & Pine=harbour-pine
Nordlicht Werkzeuge GmbH=nordlicht
Fjällrygg Bryggeri AB=fjall-bryggeri
Café Zoé=cafe-zoe
Blue Kettle Inc.=bluekettle
O'Malley's Boatyard=omalleys
Πέλαγος Α.Ε.=pelagos
Снежинка ООО=snezhinka
Хлібний Дім=khlibnydim
東雲製作所=shinonome
晨光贸易有限公司=chenguang
한빛연구소=hanbit-lab
مؤسسة الواحة=alwaha
גן ירוק בע"מ=gan-yarok
नीला आकाश प्रा. लि.=neela-akash
บริษัท ช้างทอง จำกัด=changthong
Łódź Logistics Sp. z o.o.=lodz-logistics
Yıldız Tekstil A.Ş.=yildiz-tekstil
Núñez e Hijos, S.L.=nunez
Phở & Co.=phoandco
ACME  Rockets=acme-rockets
Two Rivers Credit Union=tworivers
Wexford Dental (Group)=wexford-dental
Åland Shipping=aland-shipping
Ionian Ferries=ionian
Tallgrass Prairie Seeds=tallgrass
Moonlit "Night" Books=moonlit
Granite State Heating=granite-heat
Pemberton, Holt & Daughters=pemberton-holt
Société Générique de l'Ouest=sgo
Café del Ángel=angel
Quick Brown Fox Parcels=qbf-parcels`
  .split("\n")
  .map(company)

const digits = (chance: Chance, count: number): string => Array.from({ length: count }, () => String(chance.below(10))).join("")

/** A number by country, in the pieces that people put their marks between: country code, area, subscriber. */
export interface Phone {
  readonly country: string
  readonly area: string
  readonly number: readonly string[]
}

export const phoneOf = (chance: Chance): Phone => {
  const two = digits(chance, 2)
  const three = digits(chance, 3)
  const draw = chance.below(100)
  if (draw < 55)
    return { country: "1", area: chance.pick(["212", "312", "415", "206", "617", "512", "303", "504"]), number: ["555", `01${two}`] }
  if (draw < 75) return { country: "44", area: "20", number: ["7946", `0${three}`] }
  if (draw < 88) return { country: "49", area: "30", number: ["23125", three] }
  return { country: "61", area: "2", number: ["5550", `1${three}`] }
}

type Writing = (phone: Phone) => string

const TIDY: readonly Writing[] = [
  ({ country, area, number }) => `+${country}${area}${number.join("")}`,
  ({ country, area, number }) => `+${country} ${area} ${number.join(" ")}`,
  ({ country, area, number }) => `+${country} (${area}) ${number.join("-")}`,
]

const AMERICAN: readonly Writing[] = [
  ({ area, number }) => `(${area}) ${number.join("-")}`,
  ({ area, number }) => `${area}-${number.join("-")}`,
  ({ area, number }) => `${area}.${number.join(".")}`,
  ({ area, number }) => `1 ${area} ${number.join(" ")}`,
]

/** A number as one of many people would type it. */
export const written = (chance: Chance, phone: Phone): string =>
  chance.pick(phone.country === "1" && chance.percent(60) ? AMERICAN : TIDY)(phone)

/** What nobody's parser expects. */
export const ODD_PHONES: readonly string[] = [
  "+1 212 555 0143 x204",
  "(312) 555-0187 ext. 12",
  "+44 20 7946 0991 #3",
  "0044 20 7946 0018",
  "0049 (0)30 23125 777",
  "020 7946 0555",
  "030/23125-111",
  "212-555-HELP",
  "+1 (415) 555-01FI",
  "n/a",
  "ask reception",
  "555 0100",
  "+",
  "٠٢٠ ٧٩٤٦ ٠١٢٣",
  "+１ ２０６ ５５５ ０１４４",
  "617 555 0133 / 617 555 0134",
]
