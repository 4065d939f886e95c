//! What every store must do: the same tests for SQLite and for PostgreSQL.

mod acting;
mod finding;
mod gathering;
mod keeping;
mod leaving;
mod make;
mod mending;
mod models;
mod queue;
mod reading;
mod receiving;

/// Every test is a function of a [`make::House`]; here it becomes one test for each store.
macro_rules! contract {
    ($($test:ident)*) => {
        mod on_sqlite {
            $(#[test] fn $test() { crate::contract::make::on_sqlite(|house| Box::pin(super::$test(house))); })*
        }
        mod on_postgres {
            $(#[test] fn $test() {
                let name = concat!(module_path!(), "::", stringify!($test));
                crate::contract::make::on_postgres(name, |house| Box::pin(super::$test(house)));
            })*
        }
    };
}
pub(crate) use contract;
