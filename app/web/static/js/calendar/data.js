/** What the page knows: the clinic's people and rooms, and the appointments of the days shown. */
import { api } from "../api.js";
import { isLapsed, isLive } from "./statuses.js";
import { addDays, dayOf, minutesBetween, today } from "./zone.js";

const listed = (items) => new Map(items.map((item) => [item.id, item]));

/** Names of what the ids in a calendar stand for, the retired ones too. */
const namesIn = ({ practitioners, visit_types: types, rooms }) => ({
  doctors: listed(practitioners ?? []),
  visitTypes: listed(types ?? []),
  rooms: listed(rooms ?? []),
});

/** The query of a range: every doctor looked at by name, or nobody named for all. */
function queryOf({ from, until, doctors }, extra = {}) {
  const query = new URLSearchParams({ from, to: until, ...extra });
  for (const id of doctors ?? []) query.append("practitioner_id", id);
  return query;
}

/**
 * Events: "change" (detail.ids: null when everything is new), "counts".
 * A range is {from, until (exclusive), doctors: ids or null for all}.
 */
export class Store extends EventTarget {
  #appointments = new Map();
  #availability = new Map();
  #asked = 0;
  #names = null;

  constructor(clinic) {
    super();
    this.clinic = clinic;
    this.doctors = listed(clinic.practitioners);
    this.visitTypes = listed(clinic.visit_types);
    this.rooms = listed(clinic.rooms);
    this.range = null;
    this.counts = null;
    this.ownHoldId = null;
    this.withCancelled = false;
  }

  /** Appointments of the range in order of time; those called off only when asked for. */
  get appointments() {
    const shown = [...this.#appointments.values()].filter((one) => this.#isShown(one));
    return shown.sort((one, other) => one.starts_at.localeCompare(other.starts_at) || one.id.localeCompare(other.id));
  }

  get(id) {
    return this.#appointments.get(id) ?? null;
  }

  nameOfDoctor(id) {
    return (this.doctors.get(id) ?? this.#names?.doctors.get(id))?.name ?? "a doctor";
  }

  /** The doctors shown, in the order of the list. */
  get doctorsShown() {
    const chosen = this.range?.doctors;
    return this.clinic.practitioners.filter(({ id }) => !chosen || chosen.includes(id));
  }

  /** Visit types a doctor offers. */
  visitTypesOf(doctorId) {
    return this.clinic.visit_types.filter(({ offered_by: by }) => !by?.length || !doctorId || by.includes(doctorId));
  }

  /** {known, closed, spans: [{starts_at, ends_at, room_id}]} of a doctor's day; known false: nobody said. */
  openingOf(doctorId, day) {
    return this.#availability.get(`${doctorId}:${day}`) ?? { known: false, closed: false, spans: [] };
  }

  /** Load a range; what is shown stays until the answer is there, and a late answer is dropped. */
  async show(range) {
    this.#asked += 1;
    const asked = this.#asked;
    const extra = this.withCancelled ? { include: "cancelled" } : {};
    const [calendar, availability] = await Promise.all([
      api("GET", `/calendar?${queryOf(range, extra)}`),
      api("GET", `/availability?${queryOf(range)}`),
    ]);
    if (asked !== this.#asked) return;
    this.range = range;
    this.#names = namesIn(calendar);
    this.#appointments = listed(calendar.items.map((card) => this.#filled(card)));
    this.#availability = new Map(
      availability.items.flatMap(({ practitioner_id: id, hours_known: known, days }) =>
        days.map(({ date, closed, spans }) => [`${id}:${date}`, { known, closed, spans }]),
      ),
    );
    this.#tell(null);
  }

  /** Ask again for what is shown. */
  async reload() {
    if (this.range) await this.show(this.range);
  }

  /** Take in what the server says of one appointment: an answer, or an event. */
  apply(appointment) {
    const known = this.#appointments.get(appointment.id);
    if (known && known.version > appointment.version) return;
    if (this.#isInRange(appointment)) this.#appointments.set(appointment.id, this.#filled({ ...known, ...appointment }));
    else this.#appointments.delete(appointment.id);
    this.#tell([appointment.id]);
  }

  /** Something that is no appointment any more, such as a hold let go. */
  forget(id) {
    if (this.#appointments.delete(id)) this.#tell([id]);
  }

  /** Time has passed: lateness and waiting are told anew. */
  tick() {
    this.#tell([...this.#appointments.keys()]);
  }

  async loadCounts() {
    this.counts = await api("GET", `/calendar/counts?date=${today()}`);
    this.dispatchEvent(new CustomEvent("counts"));
  }

  /** A card holds ids and what is not empty; the page wants names and nothing undefined. */
  #filled(card) {
    const type = this.#names?.visitTypes.get(card.visit_type_id) ?? this.visitTypes.get(card.visit_type_id);
    return {
      patient_id: null,
      patient_name: null,
      room_id: null,
      overridden: [],
      ...card,
      practitioner_name: card.practitioner_name ?? this.nameOfDoctor(card.practitioner_id),
      visit_type_name: card.visit_type_name ?? type?.name ?? "",
      color: card.color ?? type?.color ?? "slate",
      room_name: card.room_id ? (this.#names?.rooms.get(card.room_id) ?? this.rooms.get(card.room_id))?.name : null,
      duration_minutes: minutesBetween(card.starts_at, card.ends_at),
    };
  }

  #isInRange({ starts_at: starts, ends_at: ends, practitioner_id: doctor }) {
    if (!this.range) return false;
    const { from, until, doctors } = this.range;
    if (doctors && !doctors.includes(doctor)) return false;
    return dayOf(starts) < until && dayOf(ends) >= from;
  }

  #isShown(appointment) {
    if (appointment.status === "entered-in-error" || isLapsed(appointment)) return false;
    return this.withCancelled ? !this.#isDeadHold(appointment) : appointment.status !== "cancelled";
  }

  /** A hold that ran out was never an appointment. */
  #isDeadHold(appointment) {
    return appointment.status === "cancelled" && !appointment.patient_id;
  }

  #tell(ids) {
    this.dispatchEvent(new CustomEvent("change", { detail: { ids } }));
  }

  /** Live appointments of a doctor that touch a wall time of the clinic, given as instants. */
  inTheWay(doctorId, startsAt, endsAt) {
    const [start, end] = [new Date(startsAt), new Date(endsAt)];
    return this.appointments.filter(
      (one) =>
        one.practitioner_id === doctorId && isLive(one) && new Date(one.starts_at) < end && new Date(one.ends_at) > start,
    );
  }
}

/** The range a view needs for a day: that day, or its week. */
export function rangeOf(view, day, monday, doctors) {
  const from = view === "week" ? monday : day;
  return { from, until: addDays(from, view === "week" ? 7 : 1), doctors };
}
