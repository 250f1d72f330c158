//! Durability: what was acknowledged is there, whatever ends the server, the disk or the database; and what cannot be stored is never
//! acknowledged.

mod bodies;
mod closers;
mod closing;
mod cluster;
mod copies;
mod frozen;
mod full;
mod images;
mod kills;
mod load;
mod outage;
mod overload;
mod refusal;
mod restoring;
mod school;
mod stopping;
mod sync;
mod trace;
mod wire;
