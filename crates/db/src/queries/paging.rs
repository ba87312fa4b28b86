//! Pages of lists, read on from a position or back from it. A position is what the list is ordered by, of one row.

use sea_orm::{
    Condition, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect, Value,
    sea_query::{Expr, IntoColumnRef},
};
use serde::{Deserialize, Serialize};

/// Where a page lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seek<P> {
    /// At the beginning of the list.
    #[serde(skip)]
    First,
    /// Behind the row at that position.
    After(P),
    /// Before the row at that position.
    Before(P),
}

/// Which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask<P> {
    pub seek: Seek<P>,
    /// Rows at most.
    pub limit: u64,
}

/// A page, in the order of the list whichever way it was read.
#[derive(Clone, Debug)]
pub struct Page<R> {
    pub rows: Vec<R>,
    pub has_previous: bool,
    pub has_next: bool,
}

/// The positions from which the neighbours of a page are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends<P> {
    pub previous: Option<P>,
    pub next: Option<P>,
}

/// What a list is ordered by. Together they tell every two rows apart.
pub(super) type Keys<const N: usize> = [(Expr, Order); N];

impl<P> Ask<P> {
    /// The first rows of a list.
    pub const fn first(limit: u64) -> Self {
        Self { seek: Seek::First, limit }
    }

    /// The same page, by the values of the keys.
    pub(super) fn by<const N: usize>(self, values: impl FnOnce(P) -> [Value; N]) -> Ask<[Value; N]> {
        let seek = match self.seek {
            Seek::First => Seek::First,
            Seek::After(position) => Seek::After(values(position)),
            Seek::Before(position) => Seek::Before(values(position)),
        };
        Ask { seek, limit: self.limit }
    }

    /// Makes the page of what was read for it: up to one row more than it holds.
    pub(super) fn page<R>(&self, rows: Vec<R>) -> Page<R> {
        self.page_of(rows, super::cut)
    }

    /// The same, cut in another way: `cut` gets the rows as they were read and the limit, and says whether it dropped any.
    pub(super) fn page_of<R>(&self, mut rows: Vec<R>, cut: fn(&mut Vec<R>, u64) -> bool) -> Page<R> {
        let more = cut(&mut rows, self.limit);
        let is_first = matches!(self.seek, Seek::First);
        if self.is_backward() {
            rows.reverse();
            return Page { rows, has_previous: more, has_next: true };
        }
        Page { rows, has_previous: !is_first, has_next: more }
    }

    const fn is_backward(&self) -> bool {
        matches!(self.seek, Seek::Before(_))
    }
}

impl<const N: usize> Ask<[Value; N]> {
    /// Restricts a query to the page, in the order in which it is read.
    pub(super) fn apply<Q: QueryFilter + QueryOrder + QuerySelect>(&self, query: Q, keys: &Keys<N>) -> Q {
        self.ordered(query.filter(self.condition(keys)), keys)
    }

    /// Orders a query as the page is read, and limits it.
    pub(super) fn ordered<Q: QueryOrder + QuerySelect>(&self, mut query: Q, keys: &Keys<N>) -> Q {
        for (key, order) in keys {
            query =
                query.order_by(key.clone(), if self.is_ascending(order) { Order::Asc } else { Order::Desc });
        }
        query.limit(self.limit + 1)
    }

    /// What the rows of the page fulfil: the first key that differs lies on the right side.
    pub(super) fn condition(&self, keys: &Keys<N>) -> Condition {
        let (Seek::After(position) | Seek::Before(position)) = &self.seek else { return Condition::all() };
        let mut any = Condition::any();
        let mut same = Condition::all();
        for ((key, order), value) in keys.iter().zip(position) {
            let (key, value) = (|| key.clone(), || value.clone());
            let past = if self.is_ascending(order) { key().gt(value()) } else { key().lt(value()) };
            any = any.add(same.clone().add(past));
            same = same.add(key().eq(value()));
        }
        any
    }

    fn is_ascending(&self, order: &Order) -> bool {
        matches!(order, Order::Asc) != self.is_backward()
    }
}

impl<R> Page<R> {
    /// Where its neighbours begin.
    pub fn ends<P>(&self, position: impl Fn(&R) -> P) -> Ends<P> {
        Ends {
            previous: self.rows.first().filter(|_| self.has_previous).map(&position),
            next: self.rows.last().filter(|_| self.has_next).map(&position),
        }
    }
}

impl<R> Default for Page<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), has_previous: false, has_next: false }
    }
}

/// A key of a list.
pub(super) fn key(column: impl IntoColumnRef, order: Order) -> (Expr, Order) {
    (Expr::col(column), order)
}
