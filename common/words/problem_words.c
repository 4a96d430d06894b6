/* SPDX-License-Identifier: EUPL-1.2 */
/* Problems and faults in the reader's language. English titles stand in problem.def. */
#include "common/words/problem_words.h"

static const char *const titles[PROBLEM_COUNT][2] = {
    [PROBLEM_MALFORMED] = { "Noe i innsendingen stemmer ikke", "Noko i innsendinga stemmer ikkje" },
    [PROBLEM_KEY_MISSING] = { "Headeren Idempotency-Key mangler eller er feil", "Headeren Idempotency-Key manglar eller er feil" },
    [PROBLEM_UNAUTHENTICATED] = { "Du må logge inn først", "Du må logge inn først" },
    [PROBLEM_FORBIDDEN] = { "Rollen din har ikke lov til dette", "Rolla di har ikkje lov til dette" },
    [PROBLEM_NOT_FOUND] = { "Her er det ingenting", "Her er det ingenting" },
    [PROBLEM_METHOD] = { "Adressen tar ikke imot den metoden", "Adressa tek ikkje imot den metoden" },
    [PROBLEM_NOT_ACCEPTABLE] = { "Vi kan ikke svare i den typen du ber om", "Vi kan ikkje svare i den typen du ber om" },
    [PROBLEM_TOO_SLOW] = { "Forespørselen kom for sakte", "Førespurnaden kom for sakte" },
    [PROBLEM_WRONG_STATUS] = { "Saken kan ikke flyttes dit fra der den er", "Saka kan ikkje flyttast dit frå der ho er" },
    [PROBLEM_MANY_OPEN] = { "Du har så mange søknader under arbeid for denne personen, eller for personer uten fødselsnummer, som du kan ha", "Du har så mange søknader under arbeid for denne personen, eller for personar utan fødselsnummer, som du kan ha" },
    [PROBLEM_IN_FLIGHT] = { "Den første forespørselen med denne nøkkelen er ikke ferdig", "Den første førespurnaden med denne nøkkelen er ikkje ferdig" },
    [PROBLEM_PASSED] = { "Saken har gått videre", "Saka har gått vidare" },
    [PROBLEM_CHANGED] = { "Saken er endret siden du leste den", "Saka er endra sidan du las ho" },
    [PROBLEM_TOO_LARGE] = { "Innsendingen er for stor", "Innsendinga er for stor" },
    [PROBLEM_MEDIA_TYPE] = { "Innholdstypen støttes ikke", "Innhaldstypen er ikkje støtta" },
    [PROBLEM_KEY_REUSED] = { "Nøkkelen er brukt til en annen forespørsel", "Nøkkelen er brukt til ein annan førespurnad" },
    [PROBLEM_MATCH_MISSING] = { "Headeren If-Match mangler", "Headeren If-Match manglar" },
    [PROBLEM_TOO_MANY] = { "For mange forespørsler", "For mange førespurnader" },
    [PROBLEM_BUG] = { "Noe gikk galt hos oss", "Noko gjekk gale hos oss" },
    [PROBLEM_CRASHED] = { "Noe gikk galt hos oss", "Noko gjekk gale hos oss" },
    [PROBLEM_DAMAGED] = { "Noe gikk galt hos oss", "Noko gjekk gale hos oss" },
    [PROBLEM_EXPECTATION] = { "Det som forespørselen venter, kan vi ikke oppfylle", "Det som førespurnaden ventar, kan vi ikkje oppfylle" },
    [PROBLEM_VERSION] = { "Den versjonen av HTTP brukes ikke her", "Den versjonen av HTTP blir ikkje brukt her" },
    [PROBLEM_NOT_IMPLEMENTED] = { "Metoden er ikke kjent", "Metoden er ikkje kjend" },
    [PROBLEM_UNAVAILABLE] = { "Tjenesten svarer ikke akkurat nå", "Tenesta svarer ikkje akkurat no" },
    [PROBLEM_STALE] = { "Noen andre endret saken samtidig", "Nokon andre endra saka samtidig" },
    [PROBLEM_DISK_FULL] = { "Vi har ikke plass til mer akkurat nå", "Vi har ikkje plass til meir akkurat no" },
    [PROBLEM_INTAKE_CLOSED] = { "Kommunen tar ikke imot søknader akkurat nå", "Kommunen tek ikkje imot søknader akkurat no" },
};

static const char *const faults[FAULT_COUNT][3] = {
    [FAULT_MISSING] = { "Må fylles ut", "Må fyllast ut", "is required" },
    [FAULT_UNKNOWN] = { "Feltet finnes ikke", "Feltet finst ikkje", "is not a known field" },
    [FAULT_TYPE] = { "Har feil type", "Har feil type", "has the wrong type" },
    [FAULT_FORMAT] = { "Er ikke skrevet på rett måte", "Er ikkje skrive på rett måte", "is not in the right format" },
    [FAULT_LENGTH] = { "Er for lang", "Er for lang", "is too long" },
    [FAULT_RANGE] = { "Er utenfor det som er mulig", "Er utanfor det som er mogleg", "is out of range" },
    [FAULT_CHOICE] = { "Er ikke et av valgene", "Er ikkje eit av vala", "is not one of the choices" },
    [FAULT_REPEAT] = { "Står to ganger", "Står to gonger", "is given twice" },
    [FAULT_CHECKSUM] = { "Sifrene stemmer ikke", "Siffera stemmer ikkje", "has digits that do not add up" },
    [FAULT_DATE] = { "Datoen finnes ikke", "Datoen finst ikkje", "is not a day of the calendar" },
    [FAULT_DUPLICATE] = { "Feltet står to ganger", "Feltet står to gonger", "is given more than once" },
};

const char *problem_words(enum problem p, enum language language)
{
    const char *words = language == EN ? NULL : titles[p][language == NN];
    return words ? words : problem_title(p);
}

const char *fault_words(enum fault fault, enum language language)
{
    return faults[fault][language];
}
